// Demo only: arrivals to try, the number this visitor sees, and a test call to it.
(() => {
  var panel = document.getElementById('panel');
  panel.className = 'panel';
  panel.setAttribute('data-dialmark-ignore', '');
  panel.innerHTML =
    '<section><h3>Arrive again, as a new visitor</h3><ul>' +
    '<li><a href="/demo/?arrive=google-ads">from Google Ads</a></li>' +
    '<li><a href="/demo/?arrive=organic">from organic search</a></li>' +
    '<li><a href="/demo/?arrive=facebook">from Facebook</a></li>' +
    '<li><a href="/demo/?arrive=email">from an e-mail</a></li>' +
    '<li><a href="/demo/?arrive=direct">directly</a></li></ul></section>' +
    '<section><h3>You see</h3><p class="shown" id="shown"></p><p class="why" id="why">The number as printed on the page.</p>' +
    '<button id="ring" type="button">Place a test call to this number</button></section>' +
    '<section aria-live="polite"><h3>The business learns</h3><div id="learned">Nothing yet: nobody has called.</div></section>';
  var printed = document.querySelector('.phone');
  var learned = document.getElementById('learned');
  var shown = () => printed.textContent.trim();
  var refresh = () => {
    document.getElementById('shown').textContent = shown();
    var held = window.dialmark?.number?.('main');
    if (!held) return;
    document.getElementById('why').textContent =
      held.kind === 'pool'
        ? 'A tracking number, held for this visit; other visitors see another.'
        : held.kind === 'source'
          ? 'A tracking number fixed to this source.'
          : 'The printed number: ' +
            (held.reason === 'exhausted' ? 'the pool is used up.' : held.reason || held.kind) +
            '';
  };
  new MutationObserver(refresh).observe(printed, { characterData: true, childList: true, subtree: true });
  document.addEventListener('dialmark:number', refresh);
  refresh();
  document.getElementById('ring').addEventListener('click', (event) => {
    var button = event.currentTarget;
    button.disabled = true;
    var dialled = printed.getAttribute('href').replace('tel:', '');
    fetch('/demo/call', { method: 'POST', body: JSON.stringify({ to: dialled }) })
      .then((response) => response.json())
      .then(show, () => {
        learned.textContent = 'The call did not reach the Worker. Is it still running?';
      })
      .then(() => {
        button.disabled = false;
      });
  });
  function show(call) {
    var attribution = call.attribution;
    var visit = attribution?.session;
    var rows = [['Call to', `${call.to} at ${new Date(call.startedAt).toLocaleTimeString()}`]];
    rows.push(['Match', `${attribution.match}, ${Math.floor(attribution.confidence * 1000) / 10} % sure`]);
    if (visit) {
      rows.push(['Channel', visit.channel], ['Source / medium', `${visit.source} / ${visit.medium}`]);
      if (visit.campaign) rows.push(['Campaign', visit.campaign]);
      if (visit.term) rows.push(['Keyword', visit.term]);
      Object.keys(visit.clickIds).forEach((id) => {
        rows.push([id, visit.clickIds[id]]);
      });
      rows.push(['Landing page', visit.landingPage], ['Pages seen', String(visit.pages)]);
    }
    var list = document.createElement('dl');
    rows.forEach((row) => {
      var term = document.createElement('dt');
      var value = document.createElement('dd');
      term.textContent = row[0];
      value.textContent = row[1];
      list.append(term, value);
    });
    learned.replaceChildren(list);
  }
})();
