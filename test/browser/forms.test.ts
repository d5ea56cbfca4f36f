import type { EventRequest } from '@dialmark/shared';
import { build } from 'esbuild';
import { beforeEach, describe, expect, it } from 'vitest';
import { stage, TAG } from './browser.ts';
import { ANSWER, BUILT, JQUERY } from './forms/builders.ts';

declare const dialmark: { consent(granted: boolean): void; stop(): void };

const NUMBER = '<p>415-555-0100</p>';
const FIELDS = `<label>Your name <input name="name"></label> <label>E-mail <input name="email" type="email"></label>
  <label>Phone <input name="phone" type="tel"></label> <textarea name="message"></textarea> <button>Send</button>`;
const NATIVE = `<form id="contact" name="quote" action="/thanks?ref=ana@example.com" method="post">${FIELDS}</form>`;
/** Held back by the page, which asks a server itself. */
const HELD = `<form id="held">${FIELDS}</form><script>
  held.addEventListener('submit', (event) => { event.preventDefault(); fetch('/api/lead', { method: 'POST', body: new FormData(held) }) })</script>`;
const ANA = { name: 'Ana Lopez', email: 'ana@example.com', phone: '(212) 555-0123' };

/** What a test of forms has. */
function forms() {
  const at = stage();
  beforeEach(() => {
    at.edge.config.forms = 'contact';
    at.serve('{}', '/api/lead');
    at.serve('<p>Thanks</p>', '/thanks');
  });
  const sent = () => at.edge.events('form');
  return {
    at,
    sent,
    contacts: () => sent().map(({ contact }) => contact),
    /** Opens a page, and waits for the part that follows forms. */
    async open(html: string, path = '/') {
      await at.open(NUMBER + html, path);
      await at.page.waitForFunction('window.dialmark?.internals');
    },
    async fill(entries: Record<string, string>, form = 'form') {
      for (const [name, value] of Object.entries(entries)) await at.page.fill(`${form} [name="${name}"]`, value);
    },
    /** Waits long enough for what must not come. */
    settle: () => at.page.waitForTimeout(300),
  };
}

describe('a form that the browser sends', () => {
  const { at, sent, contacts, open, fill, settle } = forms();

  it('is told with who sent it, and the visit', async () => {
    await open(NATIVE, '/contact?gclid=abc');
    await fill({ ...ANA, message: 'my secret' });
    await at.page.click('button');
    await at.page.waitForURL('**/thanks*');
    await expect.poll(sent).toHaveLength(1);
    const [lease] = at.edge.leases();
    expect(sent()[0]).toMatchObject({
      session: lease?.session,
      visitor: lease?.visitor,
      form: { id: 'contact', name: 'quote', action: '/thanks' },
      contact: ANA,
      page: { url: `${at.edge.origin}/contact?gclid=abc`, title: 'Acme' },
    });
    expect(JSON.stringify(sent())).not.toMatch(/secret/);
    expect(at.errors).toEqual([]);
  });

  it('is counted, and nothing that was entered leaves the page, where the site says so', async () => {
    at.edge.config.forms = 'count';
    await open(NATIVE);
    await fill({ ...ANA, message: 'my secret' });
    await at.page.click('button');
    await expect.poll(sent).toHaveLength(1);
    expect(contacts()[0] ?? null).toBe(null);
    expect(JSON.stringify(at.edge.requests.map(({ body }) => body))).not.toMatch(/Lopez|ana@|555-0123|secret/);
  });

  it('is not followed where the site does not, and no more is loaded', async () => {
    delete at.edge.config.forms;
    const loaded: string[] = [];
    at.page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
    await open(`${NATIVE}<input type="hidden" name="dialmark_session">`);
    expect(await at.page.inputValue('[name=dialmark_session]')).toBe('');
    expect(loaded.filter((path) => path.startsWith('/s/'))).toEqual([
      '/s/acme.js',
      expect.stringMatching(/^\/s\/acme\/rest@/),
    ]);
    await at.page.click('button');
    await at.page.waitForURL('**/thanks*');
    await settle();
    expect(sent()).toEqual([]);
  });

  it('is one however often the button is pressed', async () => {
    await at.page.route('**/thanks*', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await route.continue();
    });
    await open(NATIVE);
    await fill(ANA);
    await at.page.dblclick('button');
    await at.page.waitForURL('**/thanks*');
    await expect.poll(sent).toHaveLength(1);
    await settle();
    expect(sent()).toHaveLength(1);
  });

  it.each([
    ['by the one of all forms', 'HTMLFormElement.prototype.submit.call(contact)'],
    [
      'once it has asked somebody else',
      `contact.addEventListener('submit', (event) => { event.preventDefault(); setTimeout(() => contact.submit(), 50) }); contact.requestSubmit()`,
    ],
  ])('is one when a script has it sent %s', async (_, script) => {
    await open(NATIVE);
    await fill(ANA);
    await at.page.evaluate(script);
    await at.page.waitForURL('**/thanks*');
    await expect.poll(sent).toHaveLength(1);
    await settle();
    expect(sent()).toMatchObject([{ form: { id: 'contact' }, contact: ANA }]);
  });

  it('is not told of a search, a sign-in, a button, a dialog, one that is left alone, not filled in, or refused', async () => {
    const email = '<input name="email">';
    const others = [
      '<form><input name="q" type="search">',
      '<form role="search"><input name="q">',
      '<form><input name="email" type="email"><input name="key" type="password">',
      '<form><input type="hidden" name="lang">',
      '<form method="dialog">',
      `<form data-dialmark-ignore>${email}`,
      '<form><input name="email" required>',
      `<form onsubmit="return false">${email}`,
    ];
    const told = `<form id="told">${email}`;
    await open(
      `<iframe name="there"></iframe>${[...others, told].map((form) => `${form.replace('<form', '<form action="/thanks" target="there"')}<button>Send</button></form>`).join('')}`,
    );
    for (const button of await at.page.$$('button')) await button.click();
    await expect.poll(sent).toMatchObject([{ form: { id: 'told' } }]);
    await settle();
    expect(sent()).toHaveLength(1);
    expect(at.errors).toEqual([]);
  });
});

describe('a form that the page holds back', () => {
  const { at, sent, contacts, open, fill, settle } = forms();
  const held = (request: string, id = 'held') =>
    `<form id="${id}">${FIELDS}</form><script>${id}.addEventListener('submit', (event) => { event.preventDefault(); ${request} })</script>`;

  it('is one when it asks a server, and none when it asks nobody, or analytics', async () => {
    for (const path of ['/g/collect', '/api/event', '/pixel.png']) at.serve('', path);
    await open(
      [
        held('', 'a'),
        held(`fetch('/g/collect?v=2', { method: 'POST' }); fetch('/api/event', { method: 'POST' })`, 'b'),
        held('new Image().src = "/pixel.png"', 'c'),
        held(`const request = new XMLHttpRequest(); request.open('POST', '/api/lead'); request.send('{}')`, 'd'),
        held(`e.remove(); setTimeout(() => fetch('/api/lead', { method: 'POST' }), 300)`, 'e'),
      ].join(''),
    );
    for (const id of 'abcde') {
      await fill(ANA, `#${id}`);
      await at.page.click(`#${id} button`);
      await at.page.waitForTimeout(500);
    }
    await expect.poll(sent).toMatchObject([
      { form: { id: 'd' }, contact: ANA },
      { form: { id: 'e' }, contact: ANA },
    ]);
    expect(at.errors).toEqual([]);
  });

  it('is one by a double click, and another with other entries, as the page goes on', async () => {
    await open(
      held(
        `fetch('/api/lead', { method: 'POST', body: new FormData(held) }).then(() => { if (held.message.value) location.href = '/thanks' })`,
      ),
    );
    await fill(ANA);
    await at.page.dblclick('button');
    await expect.poll(sent).toHaveLength(1);
    await fill({ name: 'Ben Roe', email: 'ben@example.com', message: 'go' });
    await at.page.click('button');
    await at.page.waitForURL('**/thanks*');
    await expect.poll(contacts).toEqual([ANA, { ...ANA, name: 'Ben Roe', email: 'ben@example.com' }]);
    await settle();
    expect(sent()).toHaveLength(2);
  });

  it('is not told before a server has taken it', async () => {
    await at.page.route('**/api/lead', (route) => route.fulfill({ status: 500 }));
    await open(HELD);
    await fill(ANA);
    await Promise.all([at.page.waitForResponse('**/api/lead'), at.page.click('button')]);
    await settle();
    expect(sent()).toEqual([]);
    await at.page.unroute('**/api/lead');
    await at.page.click('button');
    await expect.poll(contacts).toEqual([ANA]);
  });

  it('is told as the npm module too, and no more once that has stopped', async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: `import { createDialmark } from '@dialmark/snippet'; import { followForms } from '@dialmark/snippet/forms';
          window.dialmark = createDialmark({ ...config }); followForms(dialmark); window.joined = true;`,
        resolveDir: import.meta.dirname,
      },
      bundle: true,
      write: false,
      format: 'esm',
    });
    at.serve((outputFiles[0] as { text: string }).text, '/app.js');
    await at.open(
      `<html><head><link rel="icon" href="data:,"></head><body>${NUMBER}${HELD}<input type="hidden" name="dialmark_session">
       <script>window.config = ${JSON.stringify(at.edge.config)}</script><script type="module" src="/app.js"></script></body></html>`,
    );
    await at.page.waitForFunction('window.joined');
    await fill(ANA);
    await at.page.click('button');
    await expect.poll(contacts).toEqual([ANA]);
    expect(await at.page.inputValue('[name=dialmark_session]')).toBe(sent()[0]?.session);
    await at.page.evaluate(() => dialmark.stop());
    await fill({ name: 'Ben Roe' });
    await at.page.click('button');
    await settle();
    expect(sent()).toHaveLength(1);
    expect(at.errors).toEqual([]);
  });
});

describe('consent', () => {
  const { at, sent, open, fill, settle } = forms();

  it('is waited for, and withdrawn takes the ids out of the fields', async () => {
    at.edge.config.consent = 'required';
    const hidden = '<input type="hidden" name="dialmark_session"><input type="hidden" name="dialmark_visitor">';
    await open(HELD.replace('<button', `${hidden}<button`));
    await fill(ANA);
    await at.page.click('button');
    await settle();
    expect(at.edge.requests).toEqual([]);
    const ids = () =>
      at.page.evaluate(() =>
        [...document.querySelectorAll<HTMLInputElement>('[type=hidden]')].map(({ value }) => value),
      );
    expect(await ids()).toEqual(['', '']);

    await at.page.evaluate(() => dialmark.consent(true));
    await at.page.click('button');
    await expect.poll(sent).toHaveLength(1);
    expect(await ids()).toEqual([sent()[0]?.session, sent()[0]?.visitor]);

    await at.page.evaluate(() => dialmark.consent(false));
    await fill({ name: 'Ben Roe' });
    await at.page.click('button');
    await settle();
    expect(await ids()).toEqual(['', '']);
    expect(sent()).toHaveLength(1);
  });
});

describe('hidden fields', () => {
  const { at, sent, open, fill } = forms();

  it('get the visit’s ids, tags and click ids, and keep what the page has put there', async () => {
    const hidden = [
      'dialmark_session',
      'dialmark_visitor',
      'utm_source',
      'utm_campaign',
      'gclid',
      'form_fields[utm_term]',
      'utm_medium',
      'fbclid',
      'other',
    ]
      .map((name) => `<input type="hidden" name="${name}" value="${name === 'utm_medium' ? 'theirs' : ''}">`)
      .join('');
    const form = `<form id="held" action="/thanks"><input name="email">${hidden}<input name="utm_source" id="shown"><button>Send</button></form>`;
    await open(
      NUMBER,
      '/?utm_source=google&utm_medium=cpc&utm_campaign=caf%C3%A9+%26+bar&utm_term=%2Broof&gclid=Cj0-k_1',
    );
    await open(form, '/second');
    const values = () =>
      at.page.evaluate(() =>
        Object.fromEntries(
          [...document.querySelectorAll<HTMLInputElement>('[type=hidden]')].map(({ name, value }) => [name, value]),
        ),
      );
    const [lease] = at.edge.leases();
    await expect.poll(values).toEqual({
      dialmark_session: lease?.session,
      dialmark_visitor: lease?.visitor,
      utm_source: 'google',
      utm_campaign: 'café & bar',
      gclid: 'Cj0-k_1',
      'form_fields[utm_term]': '+roof',
      utm_medium: 'theirs',
      fbclid: '',
      other: '',
    });
    expect(await at.page.inputValue('#shown')).toBe('');
    await fill({ email: 'ana@example.com' });
    await at.page.click('button');
    await at.page.waitForURL('**/thanks?*');
    expect(new URL(at.page.url()).searchParams.get('dialmark_session')).toBe(lease?.session);
    await expect.poll(sent).toHaveLength(1);
  });

  it('are filled before the page reads them, in forms that came late', async () => {
    await open('<div id="place"></div>');
    await at.page.evaluate(() => {
      const place = document.getElementById('place') as HTMLElement;
      place.innerHTML =
        '<form><input name="email"><input type="hidden" name="dialmark_session"><button type="button">Send</button></form>';
      place.querySelector('button')?.addEventListener('click', () => {
        (window as { read?: string }).read = (place.querySelector('[type=hidden]') as HTMLInputElement).value;
      });
    });
    await at.page.click('button');
    expect(await at.page.evaluate('read')).toBe(at.edge.leases()[0]?.session);
  });
});

describe('who sent a form', () => {
  const { at, contacts, open } = forms();
  const input = (attributes: string, value: string) => `<input ${attributes} value="${value}">`;

  const CASES: [title: string, fields: string, contact: EventRequest['contact']][] = [
    [
      'by `autocomplete` first, whatever else fields are called',
      input('name="email" type="email"', 'friend@example.com') +
        input('name="x" autocomplete="section-me email"', 'ana@example.com') +
        input('type="tel" name="phone"', '212 555 0199') +
        input('name="y" autocomplete="tel-national"', '212 555 0123') +
        input('name="name"', 'A Friend') +
        input('name="z" autocomplete="name"', 'Ana Lopez'),
      { email: 'ana@example.com', phone: '212 555 0123', name: 'Ana Lopez' },
    ],
    [
      'by the type before the name',
      input('name="email_of_a_friend"', 'friend@example.com') +
        input('name="x" type="email"', 'ana@example.com') +
        input('name="phone_of_a_friend"', '212 555 0199') +
        input('name="y" type="tel"', '+44 20 7946 0958'),
      { email: 'ana@example.com', phone: '+44 20 7946 0958', name: null },
    ],
    [
      'by the name, in two parts',
      input('name="lead[first_name]"', 'Ana') +
        input('name="lead[last_name]"', 'Lopez') +
        input('name="contact-email"', 'ana@example.com') +
        input('name="mobile"', '0171 1234567'),
      { email: 'ana@example.com', phone: '0171 1234567', name: 'Ana Lopez' },
    ],
    [
      'by the label, the placeholder',
      `<label for="a">Vorname</label>${input('id="a"', 'Anna')}<label>Nachname ${input('name="f2"', 'Groß')}</label>${input('name="f3" placeholder="E-Mail"', 'anna@example.de')}<label for="b">Telefon</label>${input('id="b" type="number"', '030123456')}`,
      { email: 'anna@example.de', phone: '030123456', name: 'Anna Groß' },
    ],
    [
      'only from what looks like it',
      input('name="hotel"', 'Ritz') +
        input('name="email"', 'none') +
        input('name="phone"', 'call me') +
        input('name="name"', 'R2-D2'),
      { email: null, phone: null, name: null },
    ],
    [
      'not from a company, an account, a card or a number of the state',
      input('name="company_name"', 'Acme Roofing') +
        input('name="username"', 'ana') +
        input('name="cardholder_name"', 'MISS A LOPEZ') +
        input('type="tel" autocomplete="cc-number"', '4111 1111 1111 1111') +
        input('type="tel" name="card"', '378282246310005') +
        input('type="tel" name="ssn"', '078-05-1120'),
      { email: null, phone: null, name: null },
    ],
    [
      'not where nothing is hidden from nobody',
      `<input type="hidden" name="email" value="x@example.com"><input type="password" name="phone" value="2125550123">${input('name="a"', '1')}${input('name="b"', '2')}`,
      { email: null, phone: null, name: null },
    ],
  ];

  it('is found among the fields', async () => {
    await open(
      `<iframe name="there"></iframe>${CASES.map(([, fields]) => `<form action="/thanks" method="post" target="there">${fields}<button>Send</button></form>`).join('')}`,
    );
    for (const button of await at.page.$$('button')) await button.click();
    await expect.poll(contacts).toHaveLength(CASES.length);
    expect(contacts().map((contact, at) => [CASES[at]?.[0], contact])).toEqual(
      CASES.map(([title, , contact]) => [title, contact]),
    );
  });
});

describe.each(BUILT)('a form of $name', ({ id, html, script, fields, button }) => {
  const { at, sent, open, fill, settle } = forms();
  const answers = (answer: object) => {
    for (const path of [
      '/wp-json/contact-form-7/v1/contact-forms/8/feedback',
      '/wp-admin/admin-ajax.php',
      '/framed',
      '/submissions/v3/public/submit',
    ])
      at.edge.pages.set(path, JSON.stringify(answer));
  };
  const page = `<script src="/jquery.js"></script>${html}<script>${ANSWER}${script}</script>`;
  const entries = Object.fromEntries([
    ...fields.name.map((name, at) => [name, fields.name.length === 2 ? (['Ana', 'Lopez'][at] as string) : 'Ana Lopez']),
    [fields.email, ANA.email],
    [fields.phone, ANA.phone],
  ]);
  beforeEach(() => {
    at.edge.pages.set('/jquery.js', JQUERY);
    answers({ success: true, status: 'mail_sent' });
  });

  it('is one when it was sent', async () => {
    await open(page, '/?utm_source=google');
    await fill(entries);
    await at.page.click(button);
    await expect.poll(sent).toHaveLength(1);
    await settle();
    expect(sent()).toMatchObject([{ form: { id }, contact: ANA }]);
    expect(at.errors).toEqual([]);
  });

  it('is not told when its server has refused it, until that takes it', async () => {
    answers({ success: false, status: 'spam' });
    if (button === '.hs-button')
      await at.page.route('**/submissions/**', (route) => route.fulfill({ status: 400, body: '{}' }));
    await open(page);
    await fill(entries);
    await Promise.all([
      at.page.waitForResponse((response) => response.request().method() === 'POST' && !/v1.sites/.test(response.url())),
      at.page.click(button),
    ]);
    await settle();
    expect(sent()).toEqual([]);
    answers({ success: true, status: 'mail_sent' });
    await at.page.unroute('**/submissions/**');
    await fill({ [fields.phone]: '(212) 555-0177' });
    await at.page.click(button);
    await expect.poll(sent).toHaveLength(1);
    await settle();
    expect(sent()).toMatchObject([{ contact: { ...ANA, phone: '(212) 555-0177' } }]);
  });
});

describe('a form of HubSpot in a frame', () => {
  const { at, sent, open, settle } = forms();
  const ID = '57cf6916-51c1-4039-bd32-9fb55613336a';
  const older = `window.postMessage({ type: 'hsFormCallback', eventName: 'onFormSubmitted', id: '${ID}', data: { formGuid: '${ID}', submissionValues: { firstname: 'Ana', lastname: 'Lopez', email: 'ana@example.com', phone: '(212) 555-0123' } } }, '*')`;
  // https://developers.hubspot.com/docs/api-reference/latest/marketing/forms/global-form-events
  const newer = `window.HubSpotFormsV4 = { getFormFromEvent: ({ detail }) => ({ getFormId: () => detail.formId, getFormFieldValues: async () => [{ name: '0-1/firstname', value: 'Ana' }, { name: '0-1/lastname', value: 'Lopez' }, { name: '0-1/email', value: 'ana@example.com' }, { name: '0-1/phone', value: '(212) 555-0123' }] }) };
    window.dispatchEvent(new CustomEvent('hs-form-event:on-submission:success', { detail: { formId: '${ID}', instanceId: '0' } }))`;

  it.each([
    ['of the older editor', older],
    ['of the newer editor', newer],
  ])('%s is one', async (_, tell) => {
    await open('');
    await at.page.evaluate(tell);
    await at.page.evaluate(tell);
    await expect.poll(sent).toHaveLength(1);
    await settle();
    expect(sent()).toMatchObject([{ form: { id: ID }, contact: ANA }]);
  });

  it('is counted without what it says', async () => {
    at.edge.config.forms = 'count';
    await open('');
    await at.page.evaluate(older);
    await expect.poll(sent).toHaveLength(1);
    expect([sent()[0]?.form?.id, sent()[0]?.contact ?? null]).toEqual([ID, null]);
  });

  it('is none of the page’s other messages', async () => {
    await open('');
    await at.page.evaluate(
      `for (const data of [null, 'text', 7, {}, { eventName: 'onFormReady' }, { type: 'hsFormCallback', eventName: 'onFormSubmit', id: 'x', data: [] }]) postMessage(data, '*')`,
    );
    await settle();
    expect(sent()).toEqual([]);
    expect(at.errors).toEqual([]);
  });
});

describe('a hostile page', () => {
  const { at, sent, contacts, open, fill } = forms();

  it('may name its fields like what a form has', async () => {
    const names = ['submit', 'elements', 'action', 'id', 'name', 'target', 'form', 'length', 'attributes', 'children'];
    const theirs = names.map((name) => `<input name="${name}" value="7">`).join('');
    await open(
      `<form id="contact" action="/thanks" method="post">${theirs}<input name="email"><button>Send</button></form>`,
    );
    await fill({ email: ANA.email });
    await at.page.click('button');
    await at.page.waitForURL('**/thanks*');
    await expect
      .poll(sent)
      .toMatchObject([{ form: { id: 'contact', name: null, action: '/thanks' }, contact: { email: ANA.email } }]);
    expect(at.errors).toEqual([]);
  });

  it('may stop the event, patch what is built in, and break jQuery', async () => {
    await open(`<script>
      window.jQuery = () => { throw new Error('theirs') };
      JSON.stringify = () => 'theirs';
      Array.prototype.toJSON = function () { return 'theirs' };
      Object.prototype.get = () => 'theirs'; Object.prototype.data = undefined; Object.prototype.name = 'theirs';
      document.addEventListener('submit', (event) => event.stopImmediatePropagation(), true);
    </script>${NATIVE}`);
    await fill(ANA);
    await at.page.click('button');
    await at.page.waitForURL('**/thanks*');
    await expect.poll(contacts).toEqual([ANA]);
    expect(at.errors).toEqual([]);
  });

  it('may take sendBeacon away', async () => {
    await open(`<script>navigator.sendBeacon = () => { throw new Error('theirs') }</script>${HELD}`);
    await fill(ANA);
    await at.page.click('button');
    await expect.poll(contacts).toEqual([ANA]);
    expect(at.errors).toEqual([]);
  });

  it('may have forms in shadow roots within each other', async () => {
    await open(`<div id="outer"></div><script>
      const shadow = outer.attachShadow({ mode: 'open' });
      shadow.innerHTML = '<div></div>';
      shadow.firstChild.attachShadow({ mode: 'open' }).innerHTML = '<form id="inner" action="/thanks" method="post"><input type="hidden" name="dialmark_session"><input name="email"><button>Send</button></form>';
    </script>`);
    await at.page.fill('[name=email]', 'ana@example.com');
    expect(await at.page.inputValue('[name=dialmark_session]')).toBe(at.edge.leases()[0]?.session);
    await at.page.click('button');
    await at.page.waitForURL('**/thanks*');
    await expect.poll(sent).toMatchObject([{ form: { id: 'inner' }, contact: { email: 'ana@example.com' } }]);
    expect(at.errors).toEqual([]);
  });

  it('may take a form away as it is sent', async () => {
    await open(`<script>
      addEventListener('submit', (event) => { event.preventDefault(); event.target.remove(); event.target.innerHTML = ''; fetch('/api/lead', { method: 'POST' }) })
    </script>${NATIVE}`);
    await fill(ANA);
    await at.page.click('button');
    await expect.poll(contacts).toEqual([ANA]);
    expect(at.errors).toEqual([]);
  });

  it('hears every submission as it would without Dialmark', async () => {
    const page = `<script>window.heard = []; for (const name of ['submit', 'formdata', 'reset', 'input']) addEventListener(name, ({ type, defaultPrevented }) => heard.push([type, defaultPrevented]))</script><iframe name="there"></iframe>${NATIVE.replace('<form', '<form target="there"')}`;
    const hear = async () => {
      await at.page.evaluate(`contact.requestSubmit(); heard.push(JSON.stringify([...new FormData(contact)]))`);
      return at.page.evaluate('heard');
    };
    at.edge.pages.set('/without', `<!doctype html>${page}`);
    await at.page.goto(`${at.edge.origin}/without`);
    const without = await hear();
    await open(page);
    expect(await hear()).toEqual(without);
  });
});

describe('a page with the tag twice', () => {
  const { at, sent, open, fill, settle } = forms();

  it('tells a form once', async () => {
    await open(`${TAG}${TAG}${HELD}`);
    await fill(ANA);
    await at.page.click('button');
    await expect.poll(sent).toHaveLength(1);
    await settle();
    expect(sent()).toHaveLength(1);
  });
});
