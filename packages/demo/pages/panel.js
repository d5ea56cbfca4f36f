// Demo only: arrivals to try, the number this visitor sees, and a test call to it.
(() => {
  var panel = document.getElementById('panel');
  panel.className = 'panel';
  panel.setAttribute('data-dialmark-ignore', '');
  panel.innerHTML =
    '<section class="arrive"><h2>Arrive again, as a new visitor</h2><ul>' +
    '<li><a href="/demo/?arrive=google-ads">from Google Ads</a></li>' +
    '<li><a href="/demo/?arrive=organic">from organic search</a></li>' +
    '<li><a href="/demo/?arrive=facebook">from Facebook</a></li>' +
    '<li><a href="/demo/?arrive=email">from an e-mail</a></li>' +
    '<li><a href="/demo/?arrive=direct">directly</a></li></ul></section>' +
    '<section class="see"><h2>You see</h2><p class="shown" id="shown"></p><p class="why" id="why">The number as printed on the page.</p>' +
    '<button id="ring" type="button">Place a test call</button></section>' +
    '<section class="learn" aria-live="polite"><h2>The business learns</h2><div id="learned"><p>Nothing yet: nobody has called.</p></div>' +
    '<p class="more"><a id="more" href="/app/#/demo/overview">Its dashboard</a>, opened by the admin token that <code>npm start</code> printed</p></section>';
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
          : `The printed number: ${held.reason === 'exhausted' ? 'the pool is used up.' : held.reason || held.kind}`;
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
  // In the dashboard's words.
  var MATCHES = {
    active: 'On the site while calling',
    recent: 'Recent visit',
    shared: 'Shared number',
    source: 'Source number',
    caller: 'Known caller',
    none: 'No visit',
  };
  function sureness(attribution) {
    if (attribution.match === 'none') return MATCHES.none;
    var sure = attribution.confidence >= 0.995 ? 'over 99%' : `${Math.round(attribution.confidence * 100)}%`;
    return `${MATCHES[attribution.match]}, ${sure} sure`;
  }
  function show(call) {
    var attribution = call.attribution;
    var visit = attribution?.session;
    var rows = [['Call', `to ${shown()} at ${new Date(call.startedAt).toLocaleTimeString()}`]];
    rows.push(['Which visit', sureness(attribution)]);
    if (visit) {
      rows.push(['Channel', visit.channel], ['Source', `${visit.source} / ${visit.medium}`]);
      if (visit.campaign) rows.push(['Campaign', visit.campaign]);
      if (visit.term) rows.push(['Keyword', visit.term]);
      Object.keys(visit.clickIds).forEach((id) => {
        rows.push([id, visit.clickIds[id]]);
      });
      rows.push(['Landing page', new URL(visit.landingPage).pathname], ['Pages', String(visit.pages)]);
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
    var more = document.getElementById('more');
    more.href = `/app/#/demo/calls/${encodeURIComponent(call.id)}`;
    more.textContent = 'This call in the dashboard';
    panel.classList.add('told');
    // On a small screen the panel is shorter than what is in it.
    panel.scrollTop = learned.parentElement.offsetTop;
  }
})();
