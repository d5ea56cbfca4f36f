// Demo only: lets one browser play several visitors. It forgets who came before, sets the referrer that a visitor from
// there would bring, and leaves the address that the ad or link would have led to. Dialmark itself runs unchanged.
(() => {
  var query = new URLSearchParams(location.search);
  var from = query.get('arrive');
  if (from === null) return;
  var arrivals = {
    'google-ads': [
      'https://www.google.com/',
      'utm_source=google&utm_medium=cpc&utm_campaign=Spring+Roofs&utm_term=roof+repair+oakland&gclid=EAIaIQobChMI_demo',
    ],
    organic: ['https://www.google.com/', ''],
    facebook: ['https://l.facebook.com/', 'fbclid=IwAR0_demo'],
    email: ['', 'utm_source=newsletter&utm_medium=email&utm_campaign=Autumn+Check'],
    direct: ['', ''],
  };
  var arrival = arrivals[from];
  if (!arrival) return;
  document.cookie.split('; ').forEach((cookie) => {
    var name = cookie.split('=')[0];
    // biome-ignore lint/suspicious/noDocumentCookie: the page goes on at once, the Cookie Store API would not
    if (/dialmark|^_?dm/i.test(name)) document.cookie = `${name}=; path=/; max-age=0`;
  });
  [localStorage, sessionStorage].forEach((store) => {
    Object.keys(store).forEach((key) => {
      if (/dialmark|^_?dm/i.test(key)) store.removeItem(key);
    });
  });
  history.replaceState(null, '', location.pathname + (arrival[1] ? `?${arrival[1]}` : ''));
  Object.defineProperty(document, 'referrer', { value: arrival[0], configurable: true });
})();
