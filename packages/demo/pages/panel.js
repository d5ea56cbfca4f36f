// Demo only: arrivals to try, the number this visitor sees, and a test call to it.
(() => {
  var panel = document.getElementById('panel');
  panel.className = 'panel';
  panel.setAttribute('data-dialmark-ignore', '');
  panel.innerHTML =
    '<section class="arrive"><h2>Visit again from …</h2><ul>' +
    '<li><a href="/demo/?arrive=google-ads">Google Ads</a></li>' +
    '<li><a href="/demo/?arrive=organic">Organic search</a></li>' +
    '<li><a href="/demo/?arrive=facebook">Facebook</a></li>' +
    '<li><a href="/demo/?arrive=email">Email</a></li>' +
    '<li><a href="/demo/?arrive=direct">Direct</a></li></ul></section>' +
    '<section class="see"><h2>The number you see</h2><p class="shown" id="shown"></p><p class="why" id="why">The printed number.</p>' +
    '<button id="ring" type="button">Place a test call</button></section>' +
    '<section class="learn" aria-live="polite"><h2>What the business sees</h2><div id="learned"><p>No calls yet.</p></div>' +
    '<p class="more"><a id="more" href="/app/#/demo/overview">Open the dashboard</a> with the admin token that <code>npm start</code> printed</p></section>';
  var printed = document.querySelector('.phone');
  var learned = document.getElementById('learned');
  var shown = () => printed.textContent.trim();
  var refresh = () => {
    document.getElementById('shown').textContent = shown();
    var held = window.dialmark?.number?.('main');
    if (!held) return;
    document.getElementById('why').textContent =
      held.kind === 'pool'
        ? 'A tracking number for this visit only. Other visitors see other numbers.'
        : held.kind === 'source'
          ? 'The tracking number of this source.'
          : `The printed number: ${held.reason === 'exhausted' ? 'all tracking numbers are in use.' : held.reason || held.kind}`;
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
        learned.textContent = 'The call didn’t reach the Worker. Check that npm start is still running.';
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
    caller: 'Returning caller',
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
    rows.push(['Match', sureness(attribution)]);
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
    more.textContent = 'Open this call in the dashboard';
    panel.classList.add('called');
    // On a small screen the panel is shorter than what is in it.
    panel.scrollTop = learned.parentElement.offsetTop;
  }
})();
