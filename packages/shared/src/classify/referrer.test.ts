import fc from 'fast-check';
import { toASCII } from 'punycode/punycode.es6.js';
import { describe, expect, it } from 'vitest';
import { classify } from './classify.ts';

const ownHosts = ['acme.example', 'acme-roofing.example'];
const read = (host: string) =>
  classify({ url: 'https://acme.example/', referrer: host.includes(':') ? host : `https://${host}/` }, { ownHosts });
const channels = (hosts: string) => hosts.split(' ').map((host) => `${host} ${read(host).channel}`);
const all = (hosts: string, channel: string) => hosts.split(' ').map((host) => `${host} ${channel}`);

describe('mail read in a browser', () => {
  it.each([
    [
      'Germany, Austria, Switzerland',
      'deref-gmx.ch lightmailer-bs.gmx.net 3c-lxa.gmx.net navigator-bap.gmx.at bap.navigator.web.de deref-web-05.de 3c-bs.web.de email.t-online.de mailbusiness.ionos.it email.ionos.mx deref-1und1-03.de posteo.de rich-v03.bluewin.ch mail.infomaniak.com webmail.magenta.at',
    ],
    [
      'France',
      'wmail2.orange.fr messagerie-17.sfr.fr zimbra12.free.fr mail03.orange.fr webmail1p.orange.fr messagerie.orange.fr webmail.laposte.net ssl0.ovh.net',
    ],
    [
      'Italy, Spain, Portugal',
      'mail3.libero.it webmail12.tim.it webmail.pec.it mail.tiscali.it correo.movistar.es mail.sapo.pt posta.provider.it',
    ],
    ['Poland, Czechia, Hungary', 'post.cz poczta.interia.pl poczta.o2.pl email.seznam.cz freemail.hu mail.centrum.cz'],
    [
      'Britain, the Netherlands, Belgium, the North',
      'email.bt.com mail.virginmedia.com webmail.ziggo.nl webmail.telenet.be mail.telia.com webmail.one.com epost.telenor.no',
    ],
    [
      'America',
      'mail.aol.com us-mg5.mail.yahoo.com myemail.cox.net connect.xfinity.com webmail.bell.net courrielweb.videotron.com mail.uol.com.br webmail.fibertel.com.ar email13.godaddy.com',
    ],
    [
      'Asia and Oceania',
      'f5mail.rediff.com mail.qq.com exmail.qq.com mail.163.com m0.mail.sina.com.cn mail.yahoo.co.jp mail.naver.com mail3.nate.com webmail.bigpond.com webmail.xtra.co.nz',
    ],
    ['Russia and Ukraine', 'e.mail.ru mail.yandex.kz mail.ukr.net mail.rambler.ru'],
    [
      'link filters and senders',
      'urldefense.us linkprotect.cudasvc.com protect2.fireeye.com nam02.safelinks.protection.outlook.com url.us.m.mimecastprotect.com imsva91-ctp.trendmicro.com cmail21.com list-manage2.com sendibt3.com click.s7.exacttarget.com',
    ],
    [
      'companies',
      'webmail.acme-partner.example mail2.acme-partner.co.uk roundcube.acme-partner.example owa.acme-partner.example sogo.acme-partner.example',
    ],
  ])('is Email: %s', (_where, hosts) => {
    expect(channels(hosts)).toEqual(all(hosts, 'Email'));
    for (const host of hosts.split(' ')) expect(read(host).medium).toBe('email');
  });

  it('is not what only looks like it', () => {
    const hosts =
      'mygmx.de deref-gmx.de.evil.example deref-gmxx.de notderef-gmx.de 3c.notweb.de mail.google.com.evil.example mail.co.uk webmails.acme-partner.example emailing.acme-partner.example';
    expect(channels(hosts)).toEqual(all(hosts, 'Referral'));
    expect(read('go.mail.ru').channel).toBe('Organic Search');
    expect(read('suche.web.de').channel).toBe('Organic Search');
  });
});

describe('search', () => {
  it('partners of Google show its ads: they are paid', () => {
    for (const host of ['syndicatedsearch.goog', 'www.adsensecustomsearchads.com', 'www.syndicatedsearch.goog']) {
      expect(read(host)).toMatchObject({ source: 'google', medium: 'cpc', channel: 'Paid Search' });
    }
    expect(read('notsyndicatedsearch.goog').channel).toBe('Referral');
  });

  it('knows regional and historic engines, and their words', () => {
    const hosts =
      'yandex.de yahoo.de www.google.com.ng google.tk abacho.de searx.be etools.ch www.1881.no suche.info rechercher.sfr.fr search.virgilio.it ricerca.libero.it zoeken.startpagina.nl securesearch.mcafee.com';
    expect(channels(hosts)).toEqual(all(hosts, 'Organic Search'));
    expect(read('https://search.ke.voila.fr/?module=voila&kw=toit')).toMatchObject({ source: 'voila', term: 'toit' });
    const others = 'notyandex.de yandex.evil yahoo.evil.example google.de.evil.example';
    expect(channels(others)).toEqual(all(others, 'Referral'));
  });
});

it('short links and pages of links are social', () => {
  const hosts = 'lnk.bio l.workplace.com linktr.ee taplink.cc cutt.ly rb.gy';
  expect(channels(hosts)).toEqual(all(hosts, 'Organic Social'));
});

it('assistants are assistants', () => {
  const hosts =
    'labs.openai.com claude.com chat.deepseek.com chat.qwen.ai poe.com alice.yandex.ru chat.z.ai lmarena.ai';
  expect(channels(hosts)).toEqual(all(hosts, 'AI Assistants'));
  expect(read('android-app://ai.x.grok/')).toMatchObject({ source: 'grok', channel: 'AI Assistants' });
});

describe('payment, card authentication and login', () => {
  it.each([
    [
      'Europe',
      'sis.redsys.es sis-t.redsys.es payv2.multisafepay.com secure.payu.ro secure.przelewy24.pl pay.twint.ch checkout.postfinance.ch secure.payzen.eu payment.quickpay.net p.monetico-services.com www.saferpay.com pay.datatrans.com gate.gopay.cz secure.barion.com ideal.ing.nl acme.payrexx.com secure.ogone.com secure.pay1.de secure.billwerk.com tpeweb.e-transactions.fr tjccpg.jccsecure.com paiement.somebank.example pagos.somebank.example wallet.corvuspay.com form.wspay.biz',
    ],
    [
      'Turkey, the Middle East, Africa',
      'sandbox-cpp.iyzipay.com www.paytr.com sanalposprov.garanti.com.tr secure.telr.com checkout.tap.company secure.3gdirectpay.com eu-prod.oppwa.com checkout.tabby.ai',
    ],
    [
      'Asia and Oceania',
      'app-wallee.com webpay3g.webpay.cl pay.yandex.ru secure.payu.in mercury-t2.phonepe.com app.midtrans.com stdpay.inicis.com link.mul-pay.jp payment.ecpay.com.tw gateway.95516.com sec.windcave.com',
    ],
    [
      'America',
      'checkout.payulatam.com webpay3g.transbank.cl www.mercadopago.com.pe checkout.wompi.co www3.moneris.com',
    ],
    [
      '3-D Secure',
      'secure5.arcot.com geoissuer.cardinalcommerce.com acs.somebank.example acs3.somebank.co.uk 3ds2.somebank.example 3dsecure.somebank.example authentication.wlp-acs.com 3ds-acs.somebank.example idcheck-acs.somebank.example 3dgate.somebank.example',
    ],
    [
      'login',
      'accounts.google.de dev-123.okta.com login.acme-portal.example sso.acme-portal.example idp.acme-portal.co.uk tara.ria.ee posteid.poste.it',
    ],
    ['redirectors that hide the page', 'href.li anonym.to nullrefer.com'],
  ])('say nothing of where a visit came from: %s', (_what, hosts) => {
    expect(channels(hosts)).toEqual(all(hosts, 'Direct'));
    for (const host of hosts.split(' ')) expect(read(host).rule).toMatch(/^ignored referrer /);
  });

  it('are not what a provider publishes, nor shops that have a checkout of their own elsewhere', () => {
    const hosts =
      'blog.adyen.com docs.mollie.com developer.paypal.com community.auth0.com stripe.com www.klarna.com zip.co tabby.ai acs.org pay.com notpaypal.com paypal.com.evil.example redsys.es.evil.example 3ds2.a.b.evil.example paying.acme-partner.example pagosto.acme-partner.example acs-partners.acme-partner.example';
    expect(channels(hosts)).toEqual(all(hosts, 'Referral'));
    expect(read('pay.reddit.com').channel).toBe('Organic Social');
  });
});

describe('pages shown by AMP caches and Google Translate', () => {
  it.each([
    'acme-example.cdn.ampproject.org',
    'www-acme-example.cdn.ampproject.org',
    'acme--roofing-example.cdn.ampproject.org',
    'acme-example.bing-amp.com',
    'acme-example.www.bing-amp.com',
    'acme-example.translate.goog',
    '0-en--us-acme-example-0.cdn.ampproject.org',
    'https://cdn.ampproject.org/c/s/acme.example/roof',
  ])('%s is the own site', (host) => {
    expect(read(host).rule).toBe('own site');
  });

  it.each([
    ['localpaper-example.cdn.ampproject.org', 'localpaper.example'],
    ['www-localpaper-example.cdn.ampproject.org', 'localpaper.example'],
    ['notacme-example.cdn.ampproject.org', 'notacme.example'],
    ['acme-roofing-example.cdn.ampproject.org', 'acme.roofing.example'],
    ['https://cdn.ampproject.org/v/s/www.localpaper.example/story', 'localpaper.example'],
    ['localpaper-example.translate.goog', 'localpaper.example'],
    ['cdn.ampproject.org', 'cdn.ampproject.org'],
    ['acme-example.cdn.ampproject.org.evil.example', 'acme-example.cdn.ampproject.org.evil.example'],
    ['acme-example.notcdn.ampproject.org', 'acme-example.notcdn.ampproject.org'],
  ])('%s is a referral from %s', (host, source) => {
    expect(read(host)).toMatchObject({ source, medium: 'referral', channel: 'Referral' });
  });

  it('are read back from what the cache makes of any host', () => {
    const label = fc.stringMatching(/^[a-z0-9äöüéñ日本]{1,8}(?:-[a-z0-9]{1,6})?$/);
    fc.assert(
      fc.property(label, label, (first, second) => {
        const host = `${first}.${second}.example`;
        const subdomain = host.replaceAll('-', '--').replaceAll('.', '-');
        fc.pre(!subdomain.startsWith('--', 2));
        const referrer = `https://${toASCII(subdomain)}.cdn.ampproject.org/`;
        expect(classify({ url: `https://${host}/`, referrer }).rule).toBe('own site');
      }),
    );
  });
});
