/**
 * The sites that send visits: the facts behind the classification, and nothing else.
 *
 * Each table reads plain name → hosts, separated by spaces; one that begins with a dot follows the name (`kagi: '.com'` is
 * `kagi.com`), and a dot alone is the name itself. A host covers itself and all its subdomains, and the longest one
 * that fits decides: `mail.google.com` is mail although `google.com` is search. `{a,b}` writes out alternatives; `#`
 * matches digits that may be there, `*` for any part of a label, and a last label `*` for the domain of any country. A
 * name is also what tags may say (`utm_source=yandex`), so a site whose name is an ordinary word goes by
 * its host (`target.com`); a name without hosts is known from tags only.
 *
 * What is search, social, video and shopping follows the list of sources that Google publishes with GA4's default
 * channel groups (https://support.google.com/analytics/answer/9756891), with the dead left out and the living added.
 */
type Table = Readonly<Record<string, string>>;

export const SEARCH: Table = {
  google: '.* .cat googlesyndicatedsearch.com',
  'google-play': 'play.google.com',
  bing: '.com cc.bingj.com',
  msn: '.com',
  yahoo: '.*',
  duckduckgo: '.com duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzczad.onion',
  ecosia: '.org',
  brave: 'search.brave.com',
  yandex: '.* ya.ru',
  baidu: '.com .co.th',
  naver: '.com',
  daum: '.net',
  nate: 'search.nate.com',
  zum: 'search.zum.com',
  seznam: '.cz firmy.cz',
  'centrum.cz': '.',
  zoznam: '.sk',
  qwant: '.com',
  startpage: '.com ixquick.{com,de} startpagel6srwcjlue4zgq3zevrujfaow726kjytqbbjyrswwmjzcqd.onion',
  kagi: '.com',
  mojeek: '.{com,co.uk}',
  swisscows: '.{com,ch}',
  metager: '.{de,org,net,es} metager2.de',
  presearch: '.{com,org}',
  yep: '.com',
  stract: '.com',
  marginalia: 'search.marginalia.nu marginalia-search.com',
  gibiru: '.com',
  freespoke: '.com',
  tusk: 'tusksearch.com',
  lilo: 'search.lilo.org',
  karmasearch: '.org',
  ekoru: '.org',
  oceanhero: '.today',
  rapusia: '.org',
  petal: 'petalsearch.com',
  sogou: '.com',
  360: 'so.com .cn sou.com haosou.com',
  shenma: 'sm.cn',
  toutiao: 'so.toutiao.com',
  soso: '.com',
  chinaso: '.com',
  hao123: '.com',
  yongzin: '.com',
  coccoc: '.com',
  laban: '.vn',
  goo: 'search.goo.ne.jp ocnsearch.goo.ne.jp',
  biglobe: '.{ne.jp,co.jp}',
  nifty: 'search.nifty.com videosearch.nifty.com search.azby.fmworld.net',
  auone: 'search.auone.jp sp-search.auone.jp sp-web.search.auone.jp sp-image.search.auone.jp',
  docomo: 'search.smt.docomo.ne.jp',
  rakuten: '.co.jp',
  excite: '.{com,co.jp,co.uk,de,es,fr,it,nl}',
  'so-net': '.ne.jp',
  yam: 'search.yam.com',
  'mail.ru': 'go.mail.ru',
  rambler: '.ru',
  sputnik: '.ru',
  aport: '.ru',
  nigma: '.ru',
  ukr: 'search.ukr.net secureurl.ukr.net',
  'meta.ua': '.',
  'tut.by': '.',
  'abv.bg': 'search.abv.bg',
  najdi: '.si',
  onet: '.pl',
  'wp.pl': 'szukaj.wp.pl',
  interia: 'google.interia.pl',
  delfi: 'otsing.delfi.ee smart.delfi.lv',
  neti: '.ee',
  walla: 'search.walla.co.il',
  startsiden: '.no',
  kvasir: '.no',
  abcsok: '.no',
  eniro: '.{se,no,dk,fi}',
  ask: '.com .co.uk .reference.com search-results.com askkids.com qbyrd.com searchqu.com',
  aol: '.{com,co.uk,de,fr,it,ca} aolsearch.com .com.mx search-intl.netscape.com',
  dogpile: '.com',
  webcrawler: '.com',
  metacrawler: '.{com,de}',
  altavista: '.{com,de,fr}',
  looksmart: '.com',
  dalesearch: '.com',
  infospace: '.com',
  'info.com': '.',
  'search.com': '.',
  lycos: '.{com,de,fr,it,es,co.uk,nl}',
  hotbot: '.com',
  gigablast: '.com',
  entireweb: '.com',
  alltheinternet: '.com',
  exalead: '.{com,fr}',
  zapmeta: '.* zapmetasearch.*',
  izito: '.*',
  picsearch: '.com',
  privacywall: '.org',
  searchlock: '.com',
  'disconnect.me': 'search.disconnect.me',
  epicsearch: '.in',
  swiggle: '.org.uk',
  torry: '.io',
  vuhuv: '.com',
  fireball: '.{de,com}',
  't-online': '{suche,brisbane,navigationshilfe}.t-online.de',
  'web.de': 'suche.web.de',
  gmx: 'suche.gmx.net search.gmx.com',
  '1und1': 'search.1und1.de suche.1und1.de',
  freenet: 'suche.freenet.de',
  'search.ch': '.',
  bluewin: 'search.bluewin.ch',
  'orange.fr': 'lemoteur.orange.fr busca.orange.es',
  'free.fr': 'search*.free.fr',
  voila: 'search.ke.voila.fr lemoteur.ke.voila.fr .fr lemoteur.fr',
  libero: '{arianna,ricerca}.libero.it',
  virgilio: 'ricerca*.virgilio.it search.virgilio.it mobile.virgilio.it',
  tiscali: 'search*.tiscali.it hledani.tiscali.cz',
  alice: 'rechercher.aliceadsl.fr',
  sapo: 'pesquisa.sapo.pt',
  terra: 'buscador.terra.{es,cl,com.br}',
  uol: 'busca.uol.com.br',
  globo: 'busca.globo.com',
  startpagina: '{startgoogle,zoeken}.startpagina.nl',
  vinden: '.nl',
  xfinity: 'search.xfinity.com search.comcast.net',
  comcast: '',
  earthlink: 'search.earthlink.net',
  'frontier.com': 'search.frontier.com',
  verizon: 'searchresults.verizon.com',
  'juno.com': 'search.juno.com',
  'bt.com': 'search.bt.com',
  avast: 'search.avast.com',
  avg: 'search.avg.com isearch.avg.com',
  avira: 'search.avira.{com,net} safesearch.avira.com',
  'f-secure': 'search.f-secure.com searches.f-secure.com',
  zonealarm: 'search.zonealarm.com',
  trustnav: 'search.trustnav.com',
  softonic: 'search.softonic.com',
  conduit: 'search.conduit.com',
  babylon: '{search,isearch,searchassist}.babylon.com',
  incredimail: 'search#.incredimail.com',
  mywebsearch: 'search.mywebsearch.com {search,hp}.myway.com mysearch.myway.com mysearch.com',
  lenovo: 'start.lenovo.com',
};

/** Search engines that go by their first host: regional, small and historic ones. */
export const SEARCH_HOSTS =
  'rechercher.sfr.fr securesearch.mcafee.com search.norton.com priv.au search.becovi.com whoogle.io glowstery.com ghosterysearch.com ' +
  '1.cz 118700.se 123people.com 123people.* abacho.* acoon.de chercherfr.aguea.com allaverksamheter.se ' +
  'alexa.com all.by allesklar.{de,at,ch} alltheweb.com alohafind.com suche.aolsvc.de search.hp.my.aol.com.au ' +
  'apollo7.de arama.com arianna.com austronaut.at blekko.com blogdigger.com blogpulse.com web.canoe.ca ' +
  'claro-search.com pesquisa.clix.pt websearch.cs.com crawler.com cuil.com daemon-search.com dasoertliche.de ' +
  'dastelefonbuch.de fr.dir.com dmoz.org ariadna.elmundo.es eo.st eurip.com euroseek.com everyclick.com ' +
  'fastbrowsersearch.com findhurtig.dk firstsfind.com fixsuche.de flix.de search.fooooo.com forestle.{org,mobi} ' +
  'recherche.francite.com search.freecause.com gais.cs.ccu.edu.tw search.genieo.com geona.net gnadenmeer.de ' +
  'gomeo.com search.chedot.com darkoogle.com search.foxtab.com gooofullsearch.com search.hiyo.com ' +
  'search.sweetim.com find.tdc.dk it.luna.tv search.alot.com search.incredibar.com delta-search.com ' +
  'search.leonardo.it search.dolphin-browser.jp netlavis.azione.jp search.nan.so gfsoso.com ' +
  'searches.safehomepage.com monumentbrowser.com startab.me goyellow.de gulesider.no hit-parade.com holmes.ge ' +
  'hooseek.com start.iplay.com blogs.icerocket.com search.icq.com ilse.nl search.imesh.com tattoodle.com ' +
  'webfetch.com search.kiwee.com searches.vi-view.com search.webssearches.com search.fbdownloader.com ' +
  'searches3.globososo.com start.facemoods.com start.funmoods.com search.magentic.com ' +
  'search.searchcompletion.com searchmobileonline.com isearch.glarysoft.com search.chatzum.com ' +
  'home.speedbit.com search.b1.org searchya.com search.handycafe.com search.v9.com search.iminent.com ' +
  'inspsearch.com isodelen.se junglekey.{com,fr} jungle-spider.de juniorsafesearch.com jyxo.1188.cz ' +
  'k9safesearch.com kataweb.it kensaq.com toile.com latne.lv lo.st localmoxie.com lookany.com ' +
  'search.lookseek.com maailm.com mamma.com meinestadt.de meta.rrzn.uni-hannover.de monstercrawler.com ' +
  'mozbot.{com,fr,co.uk} myprivatesearch.com ko.search.need2find.com online.no only-search.com 1881.no ' +
  'paperball.de extern.peoplecheck.de search.peoplepc.com plazoo.com plusnetwork.com poisk.ru search.qip.ru ' +
  'qualigo.{de,at,ch,nl} quendu.com riksdelen.se search.rr.com scour.com searchalot.com searchcanvas.com ' +
  'searchy.co.uk search.seesaa.jp setooz.com sharelook.fr sm.de search.smartaddressbar.com ' +
  'search.smartshopping.com search.snap.do suche.info suchmaschine.com suchnase.de surfcanyon.com talimba.com ' +
  'tarmot.com teoma.com tixuma.de toolbarhome.com trouvez.com trovarapido.com trusted-search.com twingly.com ' +
  'url.org vindex.nl web.volny.cz walhello.{com,de,nl,info} web.nl websearch.com {fr,en,es}.wedoo.com ' +
  'search.winamp.com witch.de woopie.jp search.www.ee x-recherche.com cercato.it search.offerbox.com ' +
  'benefind.de ys.mirostart.com home.kingsoft.jp jwsearch.jword.jp yasni.{de,com,co.uk,ch,at} yatedo.{com,fr} ' +
  'yellowmap.de search.yippy.com yougoo.fr p.zhongsou.com zoek.nl zoeken.nl zoohoo.cz zxuso.com kwzf.net ' +
  'leta.mullvad.net searx.be etools.ch gexsi.com good-search.org fastbot.de onesearch.com wbsrch.com lukol.com ' +
  'searchencrypt.com peekier.com givero.com oscobo.com okeano.com runnaroo.com neeva.com boardreader.com ' +
  'jubii.dk sesam.no trovi.com youcare.world searx.space paulgo.io searxng.site ofir.dk hispavista.com ' +
  'ekolay.net 4get.ca gogoprivate.com search.us.com unduck.link';

/** Pages on which only the ads of a search engine are shown: a visit from there was paid for. */
export const SEARCH_ADS: Table = {
  google: 'syndicatedsearch.goog adsensecustomsearchads.com',
};

export const SOCIAL: Table = {
  facebook: '.com fb.com fb.me fb.watch facebookwkhpilnemxj7asaniu7vnjjbiltxjqhye3mhbshg7kx5tfyd.onion',
  instagram: '.com ig.me',
  threads: '.net .com',
  messenger: '.com m.me',
  whatsapp: '.com wa.me l.wl.co',
  workplace: '.com',
  twitter: '.com x.com t.co tweetdeck.com',
  linkedin: '.com lnkd.in',
  pinterest:
    '.{com,at,be,ca,ch,cl,co,co.at,co.kr,co.nz,co.uk,com.au,com.mx,de,dk,ec,es,fr,hu,ie,in,info,it,jp,nl,nz,pe,ph,pt,ru,se} pin.it',
  reddit: '.com redd.it',
  tiktok: '.com',
  snapchat: '.com',
  tumblr: '.com t.umblr.com',
  nextdoor: '.{com,co.uk,com.au,de,fr,nl,es,it,ca}',
  bluesky: 'bsky.app skyfeed.app',
  mastodon:
    '.{social,online,cloud,world,xyz,art,nz,scot,eus,green,ie,au} mstdn.{social,io,jp,party,ca} mas.to fosstodon.org hachyderm.io infosec.exchange techhub.social .gamedev.place chaos.social troet.cafe norden.social social.tchncs.de social.vivaldi.net indieweb.social sfba.social universeodon.com mastodonapp.uk newsie.social toot.community masto.ai c.im ohai.social aus.social mamot.fr piaille.fr pawoo.net front-end.social typo.social vis.social .{technology,at} .jalgi.eus ro-mastodon.puyo.jp friends.nico quey.org botsin.space knzk.me mastodont.cat bitcoinhackers.org cybre.space graphics.social tkm.eus',
  pixelfed: '.{social,de,uno} pixey.org pxlmo.com metapixl.com pix.toot.wales',
  lemmy: '.{world,ml} beehaw.org',
  discord: '.com .gg discordapp.com',
  telegram: 't.me .org .me',
  slack: '.com slack-redir.net',
  teams: 'statics.teams.cdn.office.net .microsoft.com .live.com .cloud.microsoft',
  skype: '.com',
  'signal.group': '.',
  viber: '.com',
  line: '.me lin.ee',
  kakao: '.com kakaocorp.com',
  zalo: '.me',
  wechat: '.com weixin.qq.com',
  qzone: '.qq.com',
  weibo: '.com .cn t.cn',
  xiaohongshu: '.com xhslink.com rednote.com',
  douyin: '.com iesdouyin.com',
  douban: '.com',
  zhihu: '.com',
  tieba: '.baidu.com',
  renren: '.com',
  tencent: '.com',
  v2ex: '.com',
  '51.com': '.',
  dianping: '.com',
  plurk: '.com',
  mixi: '.jp',
  gree: '.jp',
  hatena: '.ne.jp hatenablog.com',
  ameba: '.jp ameblo.jp',
  '5ch': '.net',
  'note.com': '.',
  livedoor: '.com .jp',
  fc2: '.com',
  okwave: '.jp',
  chiebukuro: '.yahoo.co.jp',
  pixiv: '.net',
  'naver blog': 'blog.naver.com cafe.naver.com kin.naver.com',
  'band.us': '.',
  cyworld: '.com',
  vk: '.com vkontakte.ru .ru .cc',
  'ok.ru': '. odnoklassniki.ru odnoklassniki.ua',
  'my.mail.ru': '.',
  dzen: '.ru zen.yandex.ru',
  livejournal: '.{com,ru}',
  pikabu: '.ru',
  habr: '.com',
  draugiem: '.lv',
  'nk.pl': '.',
  wykop: '.pl',
  meneame: '.net',
  taringa: '.net',
  tuenti: '.com',
  skyrock: '.com',
  xing: '.com',
  viadeo: '.com',
  gutefrage: '.net',
  nebenan: '.de',
  jappy: '.{de,com}',
  suomi24: '.fi',
  quora: '.com',
  medium: '.com',
  hackernews: 'news.ycombinator.com',
  producthunt: '.com',
  indiehackers: '.com',
  slashdot: '.org',
  lobsters: 'lobste.rs',
  digg: '.com',
  fark: '.com',
  'mix.com': '. stumbleupon.com',
  diigo: '.com',
  pinboard: '.in',
  instapaper: '.com',
  'getpocket.com': '. pocket.co',
  flipboard: '.com',
  feedly: '.com',
  feedspot: '.com',
  netvibes: '.com',
  smartnews: '.com',
  'scoop.it': '.',
  'paper.li': '.',
  techmeme: '.com',
  hootsuite: '.com ow.ly',
  buffer: 'buff.ly',
  linktree: 'linktr.ee',
  'lnk.bio': '.',
  'beacons.ai': '.',
  'bit.ly': '.',
  tinyurl: '.com',
  'is.gd': '.',
  'goo.gl': '.',
  stackoverflow: '.com',
  stackexchange: '.com superuser.com serverfault.com askubuntu.com stackapps.com',
  researchgate: '.net',
  'academia.edu': '.',
  slideshare: '.net',
  scribd: '.com',
  wattpad: '.com',
  goodreads: '.com',
  librarything: '.com',
  deviantart: '.com',
  artstation: '.com',
  behance: '.net',
  dribbble: '.com',
  flickr: '.com flic.kr',
  photobucket: '.com',
  imgur: '.com',
  vsco: '.co',
  'last.fm': '. lastfm.*',
  soundcloud: '.com gate.sc',
  reverbnation: '.com',
  mubi: '.com',
  letterboxd: '.com boxd.it',
  filmaffinity: '.com',
  myanimelist: '.net',
  crunchyroll: '.com',
  steam: 'steamcommunity.com',
  fandom: '.com',
  wikihow: '.com',
  buzzfeed: '.com',
  allrecipes: '.com',
  ravelry: '.com',
  strava: '.com',
  untappd: '.com',
  yelp: '.{com,ca,co.uk,com.au,ie,de,fr,it,es,nl,be,at,ch,dk,se,no,fi,pl,pt,co.jp,co.nz,com.br,com.mx} .to',
  tripadvisor: '.{com,ca,co.uk,com.au,ie,de,fr,it,es,nl,be,at,ch,dk,se,fi,pt,jp,co.nz,co.za,in,com.br,com.mx,com.ar}',
  trustpilot: '.com',
  houzz: '.{com,co.uk,com.au,de,fr,it,es,dk,se,jp,ru,in,ie,co.nz}',
  glassdoor: '.{com,co.uk,ca,de,fr,com.au,co.in}',
  foursquare: '.com',
  swarmapp: '.com',
  meetup: '.com meetu.ps',
  couchsurfing: '.{com,org}',
  internations: '.org',
  'care.com': '.',
  classmates: '.com',
  ancestry: '.com',
  myheritage: '.com',
  'geni.com': '.',
  caringbridge: '.org',
  badoo: '.com',
  'tagged.com': '.',
  hi5: '.com',
  myspace: '.com',
  blackplanet: '.com',
  gaiaonline: '.com',
  habbo: '.com',
  secondlife: '.com',
  imvu: '.com',
  truthsocial: '.com',
  'gab.com': '.',
  gettr: '.com',
  parler: '.com',
  'minds.com': '.',
  mewe: '.com',
  clubhouse: '.com',
  bereal: '.com bere.al',
  lemon8: 'lemon8-app.com',
  patreon: '.com',
  kofi: 'ko-fi.com',
  yammer: '.com',
  alignable: '.com',
  blogger: '.com blogspot.com',
  wordpress: '.com .org',
  typepad: '.com',
  weebly: '.com',
  'over-blog': '.com overblog.com',
  canalblog: '.com',
  hubpages: '.com',
  disqus: '.com disq.us',
  addthis: '.com',
  sharethis: '.com',
  'google groups': 'groups.google.com googlegroups.com',
  'google sites': 'sites.google.com',
  'google messages': 'messages.google.com',
  'google+': '{plus,plus.url,url}.google.com',
  social: '',
};

export const VIDEO: Table = {
  youtube: '.com youtu.be youtube-nocookie.com',
  vimeo: '.com',
  dailymotion: '.com dai.ly',
  twitch: '.tv',
  'kick.com': '.',
  rumble: '.com',
  odysee: '.com',
  bitchute: '.com',
  peertube: 'joinpeertube.org',
  'd.tube': '.',
  ted: '.com',
  wistia: '.com .net wi.st',
  vidyard: '.com',
  'loom.com': '.',
  veoh: '.com',
  utreon: '.com playeur.com',
  crackle: '.com',
  curiositystream: '.com',
  netflix: '.com',
  hulu: '.com',
  disneyplus: '.com',
  iqiyi: '.com iq.com',
  youku: '.com tudou.com',
  bilibili: '.com b23.tv',
  niconico: 'nicovideo.jp nico.ms',
  rutube: '.ru',
  douyu: '.com',
  huya: '.com',
  coub: '.com',
};

export const SHOPPING: Table = {
  amazon:
    '.{com,ca,com.mx,com.br,co.uk,de,fr,it,es,nl,pl,se,com.be,ie,com.tr,ae,sa,eg,in,co.jp,sg,com.au,cn,co.za} amzn.to amzn.eu a.co',
  ebay: '.{com,ca,co.uk,de,fr,it,es,nl,pl,ie,at,ch,be,com.au,com.sg,com.my,com.hk,ph,in} .us',
  etsy: '.com .me',
  walmart: '.{com,ca,com.mx}',
  'target.com': '.',
  bestbuy: '.{com,ca}',
  wayfair: '.{com,ca,co.uk,de,ie}',
  homedepot: '.{com,ca,com.mx}',
  lowes: '.com',
  newegg: '.com',
  costco: '.{com,ca,co.uk}',
  overstock: '.com',
  poshmark: '.com',
  depop: '.com',
  vinted: '.{com,fr,de,co.uk,it,es,nl,be,pl,lt,cz}',
  mercari: '.com',
  groupon: '.{com,co.uk,de,fr,it,es,ca,com.au}',
  slickdeals: '.net',
  retailmenot: '.com',
  simplycodes: '.com',
  'google shopping': 'shopping.google.com',
  'yahoo shopping': 'shopping.yahoo.com shopping.yahoo.co.jp',
  'naver shopping': 'shopping.naver.com smartstore.naver.com',
  shopzilla: '.com bizrate.com',
  'shopping.net': '.',
  pricegrabber: '.com',
  pricerunner: '.{com,se,dk,co.uk}',
  prisjakt: '.{nu,no} pricespy.{co.uk,co.nz}',
  kelkoo: '.{com,co.uk,de,fr,it,es,nl,se,no,dk}',
  idealo: '.{de,at,fr,it,es,co.uk}',
  'toppreise.ch': '.',
  geizhals: '.{de,at,eu}',
  billiger: '.de',
  check24: '.de',
  'otto.de': '.',
  zalando: '.{com,de,fr,it,es,nl,pl,at,ch,be,co.uk,se,dk,fi,no,ie,cz}',
  kaufland: '.de',
  'bol.com': '.',
  coolblue: '.{nl,be,de}',
  cdiscount: '.com',
  fnac: '.com',
  leguide: '.com',
  trovaprezzi: '.it',
  allegro: '.pl',
  ceneo: '.pl',
  heureka: '.{cz,sk}',
  zbozi: '.cz',
  alza: '.{cz,sk,de,hu,at}',
  emag: '.{ro,bg,hu}',
  skroutz: '.gr',
  trendyol: '.com',
  hepsiburada: '.com',
  ozon: '.ru',
  wildberries: '.ru',
  'yandex market': 'market.yandex.ru',
  alibaba: '.com 1688.com',
  aliexpress: '.{com,us,ru}',
  taobao: '.com tmall.com',
  jd: '.com',
  pinduoduo: '.com yangkeduo.com',
  temu: '.com',
  shein: '.{com,co.uk}',
  'wish.com': '.',
  shopee: '.{com,sg,com.my,co.id,co.th,vn,ph,tw,com.br}',
  lazada: '.{com,sg,com.my,co.id,co.th,vn,com.ph}',
  tokopedia: '.com',
  flipkart: '.com',
  myntra: '.com',
  coupang: '.com',
  gmarket: '.co.kr',
  kakaku: '.com',
  mercadolibre: '.{com,com.ar,com.mx,com.co,com.pe,com.uy,cl,com.ve,com.ec} mercadolivre.com.br',
  shopify: '.com shop.app',
  igshopping: '',
};

/** Assistants that answer in words. */
export const AI: Table = {
  chatgpt: '.com chat.com {chat,labs,platform}.openai.com',
  claude: '.ai .com',
  gemini: '{gemini,bard,aistudio}.google.com .google',
  copilot: '.microsoft.com .cloud.microsoft m365.cloud.microsoft edgeservices.bing.com',
  perplexity: '.ai .com',
  'meta ai': 'meta.ai',
  grok: '.com .x.ai',
  deepseek: '.com',
  mistral: '{chat,le-chat}.mistral.ai',
  notebooklm: '.google.com .google',
  'you.com': '.',
  'duck.ai': '.',
  lumo: '.proton.me',
  'poe.com': '.',
  'pi.ai': '.',
  phind: '.com',
  'character.ai': '.',
  genspark: '.ai',
  'manus.im': '.',
  'felo.ai': '.',
  'komo.ai': '.',
  andisearch: '.com',
  iask: '.ai',
  'liner.com': '. getliner.com',
  'consensus.app': '.',
  'exa.ai': '.',
  jasper: 'app.jasper.ai',
  writesonic: '{app,chat}.writesonic.com',
  kimi: '.com .ai .moonshot.cn',
  qwen: '.ai chat.qwenlm.ai tongyi.aliyun.com tongyi.com qianwen.com',
  doubao: '.com',
  ernie: '{yiyan,ernie,chat,ai}.baidu.com',
  chatglm: '.cn z.ai',
  yuanbao: '.tencent.com',
  'yandex alice': 'alice.yandex.ru alice.ya.ru',
  gigachat: 'giga.chat .ru',
  huggingchat: 'chat.huggingface.co',
  openrouter: '.ai',
  groq: 'chat.groq.com .com',
  cohere: 'chat.cohere.com coral.cohere.com',
  lmarena: '.ai chat.lmsys.org',
  monica: '.im',
  'sider.ai': '.',
  wrtn: '.ai',
  clova: 'clova-x.naver.com cue.search.naver.com',
  metaso: '.cn',
  minimax: '{chat,agent}.minimax.io hailuoai.com hailuo.ai',
  stepfun: 'yuewen.cn .com',
  sparkdesk: 'xinghuo.xfyun.cn',
  tiangong: '.cn',
  euria: '.infomaniak.com',
  'venice.ai': '.',
  't3.chat': '.',
  scira: '.ai',
  morphic: '.sh',
  elicit: '.com .org',
  blackbox: '.ai',
  chatplus: '.com chat-gpt.org',
};

/** Networks, communities, short links and pages of links that go by their host. */
export const SOCIAL_HOSTS =
  'bebo.com buzznet.com fetlife.com flixster.com fotolog.com friendsreunited.com friendster.com hyves.nl ' +
  'identi.ca lang-8.com meinvz.net missevan.com moikrug.ru multiply.com mylife.ru myyearbook.com netlog.com ' +
  'orkut.com peepeth.com plaxo.com sonico.com studivz.net twitcasting.tv vkrugudruzei.ru wayn.com weeworld.com ' +
  'xanga.com github.com sourceforge.net bsky.social bio.link bio.site bio.fm campsite.bio linkin.bio ' +
  'linkpop.com allmylinks.com solo.to taplink.cc taplink.at msha.ke hoo.be koji.to tap.bio withkoji.com ' +
  'linkfly.to link.me flow.page flowcode.com milkshake.app stan.store lnk.to ffm.to smarturl.it linkfire.com ' +
  'hypeddit.com about.me carrd.co manylink.co contactinbio.com many.link shor.by heylink.me znap.link popl.co ' +
  'hihello.me instabio.cc lynxinbio.com direct.me komi.io pillar.io rebrand.ly rb.gy cutt.ly t.ly tiny.cc ' +
  'shorturl.at shorturl.asia short.io bl.ink v.gd s.id dlvr.it ift.tt trib.al soo.gd u.nu urlz.fr lc.cx ' +
  'bitly.com j.mp adf.ly ouo.io clck.ru goo.su u.to vk.me x.gd urlgeni.us tr.ee kooapp.com sharechat.com ' +
  'groups.io signal.me wa.link max.ru cohost.org post.news spill.com nostr.com primal.net snort.social damus.io ' +
  'warpcast.com farcaster.xyz lens.xyz hive.blog steemit.com vero.co peanut.app geneva.com skool.com circle.so ' +
  'mightynetworks.com tapatalk.com boards.net proboards.com lihkg.com dcard.tw ptt.cc pixnet.net mobile01.com ' +
  'baha.com.tw gamer.com.tw jeuxvideo.com hardware.fr doctissimo.fr mumsnet.com netmums.com ' +
  'thestudentroom.co.uk boards.ie whirlpool.net.au ozbargain.com.au geekzone.co.nz';

/** Mail read in a browser, and the hosts that mail programs and senders rewrite links to. */
export const MAIL: Table = {
  gmail: 'mail.google.com inbox.google.com',
  outlook:
    '.{live.com,office.com,office365.com,com,cloud.microsoft} mail.live.com hotmail.* safelinks.protection.outlook.com safelinks.protection.office365.us',
  'yahoo mail': 'mail.yahoo.* mail.yahoo.net',
  'aol mail': 'mail.aol.* webmail.aol.com',
  icloud: '.com .com.cn',
  proton: 'mail.proton.me mail.protonmail.com',
  fastmail: '.com',
  zoho: 'mail.zoho.*',
  tuta: 'app.tuta.com mail.tuta{nota.com,mail.com,.com}',
  'hey.com': 'app.hey.com',
  'gmx mail': '3c*.gmx.* {navigator,lightmailer,mail,email,webmail}*.gmx.* {bap,bs}.navigator.gmx.* deref-gmx#.*',
  'web.de mail': '{3c,navigator,lightmailer,mail,email,webmail}*.web.de {bap,bs}.navigator.web.de deref-web#.de',
  'mail.com': '{3c,navigator,lightmailer,webmail}*.mail.com {bap,bs,lxa}.navigator.mail.com deref-mail#.com',
  't-online mail': '{email,mail}*.t-online.de',
  'freenet mail': '{email,mail,webmail}*.freenet.de',
  '1und1 mail':
    '{email,mail,mailbusiness,webmail}*.ionos.* {email,mail,mailbusiness,webmail}*.1und1.* {email,mail,webmail}.1and1.* deref-{1und1,ionos}#.*',
  'bluewin mail': 'rich*.bluewin.ch {email,webmail,mail}*.bluewin.ch',
  infomaniak: '{mail,ksuite,webmail,kmail}.infomaniak.com',
  'upc mail': 'upcmail.hispeed.ch webmail.hispeed.ch upcmail.* {webmail,mail}.{upcmail,chello}.*',
  'vodafone mail': '{mail,email,webmail}*.vodafone.*',
  'orange mail':
    '{mail,webmail,wmail,messagerie}*.orange.fr {webmail,wmail,messagerie}*.wanadoo.fr {mail,correo,webmail}*.orange.*',
  'free mail': '{zimbra,webmail,imp,mail}*.free.fr',
  'sfr mail': '{messagerie,webmail,mail}*.sfr.fr {messagerie,webmail}*.neuf.fr {messagerie,webmail}*.numericable.fr',
  'bouygues mail': '{webmail,messagerie,mail}*.bbox.fr {webmail,messagerie}*.bouyguestelecom.fr',
  laposte: '{webmail,mail,messagerie}*.laposte.net',
  'ovh mail': '{webmail,ssl0,pro#,ex#}.ovh.net mail.ovh.{net,ca,com}',
  'tim mail': '{webmail,mail}*.{tim,alice,virgilio}.it',
  'libero mail': '{mail,posta,webmail}*.libero.it',
  'aruba mail': '{webmail,webmaildominiattivi,webmailbeta}.aruba.it webmail.pec.it',
  'tiscali mail': '{mail,webmail}*.tiscali.it {mail,webmail}*.tiscali.cz',
  'seznam mail': 'email.seznam.cz email.cz',
  'wp mail': 'poczta*.wp.pl',
  'onet mail': 'poczta*.onet.pl',
  'o2 mail': 'poczta*.o2.pl',
  'interia mail': 'poczta*.interia.pl',
  'mail.ru mail': '{e,m,touch,light,octavius,win,mail,biz,calendar}.mail.ru',
  'yandex mail': 'mail.yandex.* mail.360.yandex.ru',
  'rambler mail': 'mail.rambler.ru',
  'ukr mail': 'mail.ukr.net',
  'abv mail': 'nm#.abv.bg mail#.abv.bg',
  'qq mail': 'mail.qq.com exmail.qq.com',
  'netease mail': 'mail*.{163,126}.com mail.yeah.net mail.188.com qiye.163.com mailh.qiye.163.com',
  'sina mail': 'mail.sina.{com,com.cn,cn}',
  'china mobile mail': 'mail.10086.cn mail.139.com',
  'naver mail': 'mail.naver.com mail.worksmobile.com',
  'daum mail': 'mail*.daum.net mail*.hanmail.net',
  'nate mail': 'mail#.nate.com',
  rediffmail: '.com mail.rediff.com *mail.rediff.com',
  'hinet mail': '{webmail,mail}*.hinet.net',
  'xfinity mail': '{connect,mail}.xfinity.com {mail,webmail,connect}.comcast.net',
  'att mail': '{mail,webmail}.att.net currently.att.yahoo.com',
  'cox mail': '{webmail,myemail}.cox.net',
  'bt mail': '{email,btmail,mail,webmail}.bt.com btmail.com',
  'virgin media mail': '{mail,webmail}*.virginmedia.com',
  'telstra mail': '{mail,webmail,email}.{telstra,bigpond}.com',
  'optusnet mail': 'webmail.optusnet.com.au',
  'secureserver mail': 'email*.secureserver.net email#.godaddy.com',
  'k9 mail': '',
  'samsung mail': '',
  thunderbird: '',
  fairemail: '',
  superhuman: 'mail.superhuman.com',
  proofpoint: 'urldefense.com urldefense.us urldefense.proofpoint.com',
  mimecast: 'protect-*.mimecast.com mimecastprotect.com',
  barracuda: 'linkprotect.cudasvc.com',
  cisco: 'secure-web.cisco.com',
  symantec: 'clicktime.symantec.com clicktime.cloud.postoffice.net',
  trellix: 'protect#.fireeye.com protect.trellix.com',
  mailchimp: 'list-manage#.com mailchi.mp campaign-archive#.com mandrillapp.com',
  constantcontact: 'rs6.net',
  campaignmonitor: 'createsend#.com cmail#.com',
  klaviyo: 'klclick#.com klaviyomail.com',
  sendgrid: '.net',
  hubspot: 'hubspotlinks.com hubspotemail.net',
  brevo: 'sendibm#.com sendibt#.com r.mailin.fr r.sp1-brevo.net',
};

/** Mail in the browser, link filters and senders that go by their host. */
export const MAIL_HOSTS =
  'posteo.de post.cz qiye.aliyun.com email.bol.uol.com.br sidekickopen#.com mailbox.org inbox.com mail.de hushmail.com startmail.com mailfence.com kolabnow.com runbox.com ' +
  'mailo.com net-c.com titan.email privateemail.com rackspace.email apps.rackspace.com app.shortwave.com onmail.com ' +
  'app.missiveapp.com app.frontapp.com freemail.hu citromail.hu indamail.hu luukku.com inbox.{lv,lt,eu} mail.ee mail.bg ' +
  'friends.walla.co.il communicator.strato.{de,com} email.o2online.de epost.telenor.no ' +
  'courrielweb.videotron.com rcomc-mail.yahoo.com eposta.mynet.com webmail*.earthlink.net webmail*.netzero.net ' +
  'webmail*.juno.com webmail*.189.cn mail.smt.docomo.ne.jp mail.cloud.nifty.com rakumail.jp webmail-seguro.com.br ' +
  'app.mail.10086.cn mail.hostinger.com mail.one.com mail.notion.so ' +
  'emailprotection.link urlsand.esvalabs.com linklock.titanhq.com shared.outlook.inky.com ' +
  'scanmail.trustwave.com *-ctp.trendmicro.com protect.checkpoint.com avanan.click ' +
  'protection.sophos.com linkscan.io edgepilot.com antiphishing.vadesecure.com atpscan.global.hornetsecurity.com ' +
  'seclinks.cloud-security.net mailgun.org mjt.lu sparkpostmail.com exacttarget.com mkt#.com emlnk.com ' +
  'activehosted.com acemln{a,b,c,d}.com clicks.aweber.com convertkit-mail#.com mlsend#.com ' +
  'customeriomail.com dripemail#.com infusion-links.com keap-link#.com emailsys#a.net nl2go.com ' +
  'stat-pulse.com bmetrack.com {eu,us}#.cleverreach.com crsend.com click.mailerlite.com link.mail.beehiiv.com rdtrk.com';

/**
 * First labels of webmail hosts: `webmail.acme.example`, `mail2.acme.example`. Only directly below a registrable
 * domain, so that `mail.ru` and `mail.google.com.acme.example` are not meant.
 */
export const MAIL_LABELS =
  '{,web,e,my,w}mail# e-mail webmailer sogo roundcube zimbra# owa horde squirrelmail rainloop snappymail poczta posta eposta correo# correoweb webcorreo courriel messagerie#';

/** Networks whose frames and redirects show other people's ads. */
export const ADS: Table = {
  doubleclick: '.net googlesyndication.com googleadservices.com adservice.google.com 2mdn.net',
  taboola: '.com',
  outbrain: '.com zemanta.com',
  criteo: '.com .net',
  adroll: '.com',
  'amazon ads': 'amazon-adsystem.com',
  'yandex direct': 'an.yandex.ru yabs.yandex.ru bs.yandex.ru',
  'microsoft advertising': 'adnxs.com',
  'the trade desk': 'adsrvr.org',
  'yahoo ads': 'ads.yahoo.com gemini.yahoo.com',
  magnite: 'rubiconproject.com',
  pubmatic: '.com',
  openx: '.net',
  'index exchange': 'casalemedia.com',
  'media.net': '.',
  triplelift: '3lift.com',
  sharethrough: '.com',
  sovrn: 'lijit.com',
  bidswitch: '.net',
  equativ: 'smartadserver.com',
  adform: '.net',
  teads: '.tv',
  quantcast: 'quantserve.com',
  mediamath: 'mathtag.com',
  stackadapt: '.com',
  simplifi: 'simpli.fi',
  sitescout: '.com',
  sizmek: 'serving-sys.com',
  flashtalking: '.com',
  mgid: '.com',
  revcontent: '.com',
  nativo: 'postrelease.com',
  dianomi: '.com',
  adskeeper: '.com .co.uk',
  plista: '.com',
  popads: '.net',
  propellerads: '.com',
  adsterra: '.com',
  exoclick: '.com',
  applovin: '.com',
  unityads: '.unity3d.com',
  inmobi: '.com',
  vungle: '.com',
};

/** Networks that pay for a visit that buys. */
export const AFFILIATE: Table = {
  awin: 'awin1.com .com zenaps.com zanox.com',
  shareasale: '.com shrsl.com',
  cj: 'anrdoezrs.net dpbolvw.net jdoqocy.com kqzyfj.com tkqlhce.com emjcd.com .com .dotomi.com',
  'rakuten advertising': 'linksynergy.com',
  impact: '.com sjv.io pxf.io evyy.net 7eer.net ojrq.net',
  partnerize: 'prf.hn .com',
  tradedoubler: '.com',
  tradetracker: '.net .com',
  webgains: '.com',
  pepperjam: 'pjtra.com pjatr.com pntrs.com pntra.com pntrac.com gopjn.com',
  flexoffers: 'flexlinkspro.com .com',
  skimlinks: 'skimresources.com redirectingat.com',
  viglink: '.com',
  clickbank: '.net .com',
  digistore24: '.com',
  ltk: 'shopltk.com liketk.it rstyle.me liketoknow.it',
  admitad: '.com',
  daisycon: '.com ds1.nl',
  avantlink: '.com',
  optimise: 'omgt1.com omgt3.com omgt5.com',
  belboon: '.com .de',
  financeads: '.net',
  adcell: '.com .de',
  affilinet: 'webmasterplan.com',
  effiliation: '.com',
  kwanko: '.com metaffiliation.com',
  partnerstack: 'partnerlinks.io .com',
  refersion: '.com',
  tapfiliate: '.com',
  rewardful: 'getrewardful.com',
  everflow: 'everflowclient.io',
  cakemarketing: '.com',
  hasoffers: 'go2cloud.org .com',
  maxbounty: '.com',
  cuelinks: '.com clnk.in',
  'value commerce': 'ck.jp.ap.valuecommerce.com',
  a8: 'px.a8.net',
  accesstrade: '.net',
  hotmart: '.com',
  geniuslink: 'geni.us',
};

/** Hosts below a known one that are not what it is: plain referrals, under their own name. */
export const PLAIN =
  '{docs,drive,calendar,classroom,meet,chat,keep,photos,earth,contacts,script,colab.research,cloud,console.cloud,developers,support,ads,adwords,analytics,business,tagmanager,tagassistant,lookerstudio,datastudio,optimize,marketingplatform}.google.com ' +
  '{finance,news,sports,weather,help,advertising}.yahoo.com news.yahoo.co.jp {ads,webmaster,help}.bing.com aws.amazon.com {sell,sellercentral,advertising}.amazon.com ' +
  '{disk,docs,forms,direct,metrika,metrica,webmaster,tracker}.yandex.ru {pan,cloud,tongji}.baidu.com ' +
  'developers.facebook.com developer.x.com help.x.com {advertise,ads}.tiktok.com';

/** Payment and card authentication: hosts that a buyer goes out to and comes back from. */
export const PAYMENT =
  'pay1.de billwerk.com e-transactions.fr posnet.ykb.com online-pay.kakao.com payway.com.au paywithpoli.com ' +
  'interac.ca interaconline.com tatrapay.sk jccsmart.com jccsecure.com paypal.{com,me} {checkout,buy,hooks,js,pay,connect,invoice,billing}.stripe.com stripe.network ' +
  '{checkout,pay,payments,login,app,x,js}.klarna.com pay.playground.klarna.com klarnacdn.net klarnaservices.com ' +
  'adyen.com adyenpayments.com worldpay.com worldpay.globalgatewaye4.firstdata.com authorize.net squareup.com ' +
  'square.link checkout.square.site {checkout,pay,accounts}.shopify.com shopifycs.com pay.shop.app afterpay.com ' +
  'clearpay.* affirm.com affirm.ca sezzle.com mollie.{com,nl} opayo.* sagepay.* gocardless.com checkout.com ' +
  'cybersource.com bluesnap.com 2checkout.com {secure,sandbox}.2co.com avangate.com verifone.cloud ' +
  'braintreegateway.com braintreepayments.com venmo.com cash.app bolt.com payone.* sofort.com giropay.de ' +
  'paydirekt.de wero-wallet.eu ideal.nl tikkie.me bancontact.com payconiq.* payu.* payulatam.com payu-latam.com ' +
  'przelewy24.pl tpay.com dotpay.pl paynow.pl imoje.pl bluemedia.pl blue-media.pl autopay.{pl,eu,com} paypo.pl ' +
  'cashbill.pl ecard.pl espago.com blik.com twisto.{pl,cz} transferuj.pl platnosci.pl conotoxia.com redsys.es ' +
  'paygold.es ceca.es tpv.4b.es bizum.es addonpayments.com paycomet.com paytpv.com aplazame.com sequra.{es,com} ' +
  'sequrapi.com pagantis.com universalpay.es multisafepay.com pay.nl icepay.* buckaroo.{nl,io,eu} sisow.nl ' +
  'betalen.rabobank.nl afterpay.nl riverty.com in3.nl payin3.nl billink.nl spraypay.nl docdatapayments.com ' +
  'omnikassa.rabobank.nl ogone.com v-psp.com ingenico.com payment.direct.ingenico.com worldline-solutions.com ' +
  'worldline.com wlp-acs.com sips-services.com sips-atos.com payzen.{eu,lat,co.in} lyra.com micuentaweb.pe ' +
  'systempay.fr scelliuspaiement.labanquepostale.fr sogecommerce.societegenerale.eu clicandpay.groupecdn.fr ' +
  'paybox.com monetico-services.com cm-cic.com paiement.e-i.com cic-banques.fr mercanet.bnpparibas.net ' +
  'payline.com monext.fr monext.com hipay.* hipay-tpp.com dalenys.com be2bill.com payplug.com payplug.fr ' +
  'lemonway.{com,fr} mangopay.com slimpay.{com,net} almapay.com getalma.eu oney.{io,fr,es,pt} floapay.com ' +
  'floa.fr cofidis.{fr,es,pt,it} {checkout,portal,integration}.scalapay.com paylib.fr cartes-bancaires.com ' +
  'heidipay.com pagolight.it satispay.com nexi.it nexigroup.com nexipayments.it nets.eu netaxept.com ' +
  'dibspayment.{com,eu} dibs.{dk,se} cartasi.it pagamenti.unicredit.it gestpay.{net,it} ecomm*.sella.it ' +
  'axerve.com monetaonline.it monetaweb.it sia.eu bancomatpay.it securelogin.poste.it sibs.pt sibspayments.com ' +
  'easypay.pt ifthenpay.com eupago.pt lusopay.com mbway.pt saferpay.com six-group.com six-payment-services.com ' +
  'datatrans.{com,ch,biz} payrexx.com twint.ch postfinance.ch wallee.com app-wallee.com swissbilling.ch powerpay.ch ' +
  'cembrapay.ch byjuno.ch payyo.ch viseca.ch netcetera-payment.ch netcetera.com computop-paygate.com ' +
  'computop.com heidelpay.* unzer.com novalnet.{de,com} secupay.{ag,com} micropayment.de ratepay.com billpay.de ' +
  'easycredit.de wirecard.* concardis.com payengine.de vr-payment.de girosolution.de telecash.de ipg-online.com ' +
  'evopayments.* eps-ueberweisung.at mpay24.com hobex.at qenta.com payunity.com realexpayments.com ' +
  'globaliris.com globalpay.com globalpaymentsinc.com global-e.com paymentsense.com cardstream.com ' +
  'trustpayments.com securetrading.net securetrading.com elavon.* convergepay.com judopay.com dojo.tech ' +
  '{pay,checkout}.sumup.com izettle.com zettle.com laybuy.com paysafe.com paysafecard.com skrill.com ' +
  'moneybookers.com neteller.com truelayer.com tink.com trustly.{com,net} token.io yapily.com volt.io ' +
  'takepayments.com quickpay.{net,dk} epay.{dk,eu,bg} ditonlinebetalingssystem.dk bambora.com beanstream.com ' +
  'onpay.io pensopay.com scanpay.dk reepay.com frisbii.com freepay.dk altapay.com altapaysecure.com viabill.com ' +
  'anyday.io mobilepay.{dk,fi} vipps.no vippsmobilepay.com swish.nu getswish.net payex.com swedbankpay.com ' +
  'svea.com qliro.com walley.* collector.se resursbank.* billmate.se avarda.{com,org} paytrail.com checkout.fi ' +
  'maksuturva.fi vismapay.com netbank.nordea.fi borgun.is valitor.is teya.com rapyd.net korta.is ' +
  'every-pay.{com,eu} everypay.{eu,gr} maksekeskus.ee makecommerce.net montonio.com paysera.{com,lt} kevin.eu ' +
  'esto.ee klix.app decta.com firstdata.lv gopay.{com,cz} comgate.{cz,eu} gpwebpay.{com,cz} globalpayments.cz ' +
  'platebnibrana.csob.cz iplatebnibrana.csob.cz thepay.cz besteron.{com,sk} trustpay.eu 24-pay.{sk,eu} ' +
  'moja.tatrabanka.sk barion.com skippay.cz mallpay.cz simplepay.hu paymentgateway.hu eki.cib.hu ' +
  'netopia-payments.{com,ro} mobilpay.ro euplatesc.ro plationline.ro borica.bg mypos.{com,eu} icard.com ' +
  'vivapayments.com viva.com vivawallet.com paycenter.piraeusbank.gr alphaecommerce.gr eurocommerce.gr ' +
  'cardlink.gr jcc.com.cy wspay.{biz,info} corvuspay.{com,hr} bankart.si monri.com eway2pay.com ' +
  'asseco-see.com.tr asseco-see.com aircash.eu iyzico.com iyzipay.com paytr.com est.com.tr bkm.com.tr ' +
  'bkmexpress.com.tr papara.com paycell.com.tr hepsipay.com param.com.tr paratika.com.tr moka.com sipay.com.tr ' +
  'payten.com.tr yoomoney.ru yookassa.ru {money,pay}.yandex.ru securepay.tinkoff.ru securepayments.tinkoff.ru ' +
  'securepay.tbank.ru securepayments.sberbank.ru 3dsec.sberbank.ru payecom.ru cloudpayments.ru ' +
  'robokassa.{ru,com,kz} qiwi.com webmoney.{ru,com} wmtransfer.com paymaster.ru payanyway.ru unitpay.{ru,money} ' +
  'interkassa.com uniteller.ru assist.ru payonline.ru mandarinpay.com qr.nspk.ru mironline.ru liqpay.{ua,com} ' +
  'wayforpay.com fondy.{eu,ua} portmone.com.ua portmone.com easypay.ua platon.ua privat24.ua bepaid.by ' +
  'webpay.by homebank.kz click.uz payme.uz paycom.uz ipay.ge ufc.ge tbcpay.ge idram.am paytabs.* payfort.com ' +
  'amazonpaymentservices.com oppwa.com hyperpay.com tap.company gotapnow.com telr.com checkout.tabby.ai ' +
  'api.tabby.ai checkout.tamara.co kpay.com.kw knet.com.kw myfatoorah.com upayments.com thawani.om ' +
  'benefit-gateway.bh benefit.bh moyasar.com stcpay.com.sa fawry.com atfawry.com paymob.com paymobsolutions.com ' +
  'kashier.io ngenius-payments.com network.ae zarinpal.com idpay.ir zibal.ir shaparak.ir pelecard.biz ' +
  'cardcom.{solutions,co.il} tranzila.com payplus.co.il meshulam.co.il rivhit.co.il zcredit.co.il payme.io ' +
  'paystack.{com,co} flutterwave.com ravepay.co interswitchng.com remita.net monnify.com payfast.{co.za,io} ' +
  'paygate.{co.za,africa} yoco.com ozow.com peachpayments.com payflex.co.za payjustnow.com snapscan.io ' +
  'vcs.co.za netcash.co.za stitch.money pesapal.com dpogroup.com 3gdirectpay.com directpay.online ' +
  'ipayafrica.com jambopay.com tingg.africa cinetpay.com paydunya.com fedapay.com kkiapay.me cmi.co.ma satim.dz ' +
  'clictopay.com konnect.network razorpay.com paytm.in securegw.paytm.com ccavenue.{com,ae} billdesk.com ' +
  'instamojo.com cashfree.com phonepe.com juspay.in easebuzz.in atomtech.in ebs.in citruspay.com mobikwik.com ' +
  'lazypay.in getsimpl.com worldline.in netsafe.hdfcbank.com payseal.icicibank.com 3dsecure.icicibank.com ' +
  'wibmo.com enstage.com enstage-sas.com sslcommerz.com bkash.com aamarpay.com jazzcash.com.pk getsafepay.com ' +
  'payhere.lk webxpay.com khalti.com esewa.com.np 2c2p.com omise.co opn.ooo kpaymentgateway.com ksher.com ' +
  'gbprimepay.com midtrans.com veritrans.co.id xendit.co doku.com duitku.com faspay.co.id ipaymu.com ' +
  'ipay88.{com,com.my,co.id} molpay.com merchantrazer.com onlinepayment.com.my billplz.com toyyibpay.com ' +
  'senangpay.my revenuemonster.my mepsfpx.com.my eghl.com hitpayapp.com hit-pay.com reddotpayment.com enets.sg ' +
  'nets.com.sg atome.sg payments.grab.com paymongo.com dragonpay.ph paynamics.net paymaya.com maya.ph gcash.com ' +
  'vnpayment.vn vnpay.vn vnpaytest.vn momo.vn zalopay.vn zalopay.com.vn onepay.vn nganluong.vn payoo.vn ' +
  'alepay.vn alipay.{com,hk} alipayplus.com {wx,pay}.tenpay.com tenpay.com unionpay.com 95516.com ' +
  'unionpaysecure.com unionpayintl.com 99bill.com lianlianpay.com paydollar.com asiapay.com siampay.com ' +
  'pesopay.com ecpay.com.tw newebpay.com spgateway.com {pay,web-pay}.line.me jkopay.com tappaysdk.com ' +
  'mul-pay.jp gmo-pg.com gmopg.jp sbpayment.jp sps-system.com veritrans.{co.jp,jp} paygent.co.jp ' +
  'cardservice.co.jp epsilon.jp pay.jp komoju.com paypay.ne.jp np-atobarai.jp atone.be paidy.com merpay.com ' +
  '{pay,checkout}.rakuten.co.jp econtext.jp robotpayment.co.jp cloudpayment.co.jp cafis-paynet.jp inicis.com ' +
  'kcp.co.kr nicepay.co.kr tosspayments.com pay.toss.im kakaopay.com {pay,m.pay,order.pay}.naver.com payco.com ' +
  'allatpay.com ksnet.co.kr eximbay.com danal.co.kr teledit.com mobilians.co.kr mcash.co.kr xpay.uplus.co.kr ' +
  'settlebank.co.kr vpay.co.kr portone.io iamport.kr eway.com.au ewaypayments.com securepay.com.au ' +
  'pinpayments.com tillpayments.com polipayments.com {checkout,account}.zip.co checkout.us.zip.co ' +
  'zipmoney.com.au openpay.com.au latitudepay.com bpoint.com.au transact.nab.com.au paymentexpress.com ' +
  'windcave.com paystation.co.nz genoapay.com mercadopago.* pagseguro.uol.com.br pagseguro.com.br ' +
  'pagbank.com.br mundipagg.com pagar.me cieloecommerce.cielo.com.br checkout.cielo.com.br userede.com.br ' +
  'getnet.com.br getnet.cl moip.com.br ebanx.com ebanxpay.com dlocal.com asaas.com iugu.com vindi.com.br ' +
  'picpay.com efipay.com.br gerencianet.com.br wompi.{co,sv,pa} epayco.{co,com,io} placetopay.{com,ec} ' +
  'pse.com.co conekta.{com,io} openpay.{mx,co,pe} clip.mx payclip.com kueskipay.com aplazo.mx transbank.cl webpay.cl ' +
  'khipu.com flow.cl niubiz.com.pe vnforapps.com culqi.com izipay.pe pagoefectivo.pe todopago.com.ar ' +
  'decidir.com mobbex.com modo.com.ar kushkipagos.com payphone.app payphonetodoesposible.com bancard.com.py ' +
  'infonet.com.py pagopar.com credomatic.com pay.amazon.{com,co.uk,de,co.jp,fr,it,es} payments.amazon.com ' +
  'payments-amazon.com pay.google.com payments.google.com {checkout,pay,merchant,sso}.revolut.com ' +
  'breadpayments.com getbread.com splitit.com chargeafter.com quadpay.com uplift.com katapult.com ' +
  'wisetack.{us,com} syf.com paysimple.com bill.com checkout.clover.com paytrace.com nmi.com ' +
  'networkmerchants.com transactiongateway.com helcim.{com,app} moneris.com paymentus.com cardconnect.com ' +
  'worldnettps.com chasepaymentechhostedpay.com payeezy.com firstdata.com secure.plaid.com cdn.plaid.com ' +
  'dwolla.com commerce.coinbase.com bitpay.com coingate.com nowpayments.io pay.crypto.com onfastspring.com ' +
  '{buy,checkout,pay}.paddle.com chargebee.com chargebeeportal.com recurly.com zuora.com cleverbridge.com ' +
  'digitalriver.com thrivecart.com samcart.com xsolla.com nuvei.com safecharge.com ecommpay.com payop.com ' +
  'segpay.com ccbill.com epoch.com verotel.com cardpay.com unlimint.com payoneer.com ppro.com ' +
  'cardinalcommerce.com arcot.com securesuite.* verifiedbyvisa.com securecode.com tp.mastercard.com ' +
  'idcheck.mastercard.com rsa3dsauth.{com,co.uk} outseer.com 3dsecure.{io,no,az,cloud} touchtechpayments.com ' +
  'modirum.com gpayments.{com,net} apata.io acs.marqeta.com authentication-acs.marqeta.com bpcbt.com ' +
  'clearhaus.com';

/** Pages where people prove who they are. */
export const LOGIN =
  'tara.ria.ee posteid.poste.it iamfas.belgium.be api.id.gov.sg accounts.google.* accounts.youtube.com myaccount.google.com ' +
  'login.{microsoftonline.com,live.com,microsoft.com,windows.net,partner.microsoftonline.cn} account.live.com ' +
  'account.microsoft.com {appleid,idmsa,account}.apple.com login.yahoo.com login.yahoo.co.jp login.aol.com ' +
  'auth0.com okta.com okta-emea.com oktapreview.com onelogin.com amazoncognito.com b2clogin.com ciamlogin.com ' +
  'accounts.dev clerk.accounts.dev kinde.com fusionauth.io workos.com id.me login.gov duosecurity.com pingone.* ' +
  'pingidentity.com stytch.com frontegg.com descope.com jumpcloud.com passport.yandex.{ru,com} ' +
  '{id,oauth,login}.vk.com kauth.kakao.com accounts.kakao.com nid.naver.com access.line.me passport.baidu.com ' +
  'open.weixin.qq.com graph.qq.com auth.openai.com bankid.com bankid.no bankidnorge.no oidc.bankidnorge.no ' +
  'mitid.dk nemid.nu signicat.com criipto.id idura.app itsme.be itsme-id.com franceconnect.gouv.fr spid.gov.it ' +
  'digid.nl eherkenning.nl suomi.fi singpass.gov.sg login.salesforce.com signin.aws.amazon.com signin.ebay.* ' +
  'secure.login.gov auth.services.adobe.com authkit.app';

/** Redirectors that hide where a link stood. */
export const REDIRECTORS =
  'href.li anonym.to anonymto.com anon.to anonymz.com nullrefer.com nullreferer.com dereferer.me dereferer.org ' +
  'dereferrer.me blankrefer.com norefer.net hidereferrer.com refhide.com lolinez.com redirect.viglink.com';

/**
 * First labels of checkouts, of card issuers' access control servers (EMV 3-D Secure) and of login pages. Only directly
 * below a registrable domain, as with mail.
 */
export const PASSING_LABELS =
  'checkout# pay payment# payments paypage securepay epay e-pay epayment e-payment vpos sanalpos* hpp ideal acs# 3ds# 3dss# 3dsecure# 3d-secure 3dsec 3d{,s}gate 3ds-* *-{3ds,acs} acs-public vbv paiement# pago# pagos pagamento# pagamenti bezahlen zahlung betalen betaling platnosci platba odeme login signin sso auth oauth oauth2 idp accounts';

/** First labels of a company's publications: not a page that people pass through, for any company. */
export const PUBLICATION_LABELS =
  'blog blogs docs doc developer developers dev support help faq community forum news newsroom press media career careers jobs status academy learn university partner partners investor investors events resources';

/** Android applications by package name, as in `android-app://com.google.android.gm/`. */
export const APPS: Table = {
  'com.google.android.googlequicksearchbox': 'google',
  'com.google.android.apps.maps': 'google',
  'com.google.android.apps.searchlite': 'google',
  'com.google.android.apps.magazines': 'google',
  'com.google.android.gm': 'gmail',
  'com.google.android.gm.lite': 'gmail',
  'com.google.android.apps.messaging': 'google messages',
  'com.google.android.youtube': 'youtube',
  'com.google.android.apps.bard': 'gemini',
  'com.android.vending': 'google-play',
  'com.microsoft.bing': 'bing',
  'com.microsoft.office.outlook': 'outlook',
  'com.microsoft.teams': 'teams',
  'com.microsoft.copilot': 'copilot',
  'com.yahoo.mobile.client.android.mail': 'yahoo mail',
  'com.yahoo.mobile.client.android.search': 'yahoo',
  'com.duckduckgo.mobile.android': 'duckduckgo',
  'com.ecosia.android': 'ecosia',
  'ru.yandex.searchplugin': 'yandex',
  'com.baidu.searchbox': 'baidu',
  'com.nhn.android.search': 'naver',
  'net.daum.android.daum': 'daum',
  'com.facebook.katana': 'facebook',
  'com.facebook.lite': 'facebook',
  'com.facebook.orca': 'messenger',
  'com.instagram.android': 'instagram',
  'com.instagram.lite': 'instagram',
  'com.instagram.barcelona': 'threads',
  'com.whatsapp': 'whatsapp',
  'com.whatsapp.w4b': 'whatsapp',
  'com.twitter.android': 'twitter',
  'com.twitter.android.lite': 'twitter',
  'com.linkedin.android': 'linkedin',
  'com.pinterest': 'pinterest',
  'com.reddit.frontpage': 'reddit',
  'com.zhiliaoapp.musically': 'tiktok',
  'com.ss.android.ugc.trill': 'tiktok',
  'com.snapchat.android': 'snapchat',
  'com.tumblr': 'tumblr',
  'com.nextdoor': 'nextdoor',
  'xyz.blueskyweb.app': 'bluesky',
  'org.joinmastodon.android': 'mastodon',
  'com.discord': 'discord',
  'org.telegram.messenger': 'telegram',
  'com.slack': 'slack',
  'com.skype.raider': 'skype',
  'com.viber.voip': 'viber',
  'jp.naver.line.android': 'line',
  'com.kakao.talk': 'kakao',
  'com.zing.zalo': 'zalo',
  'com.tencent.mm': 'wechat',
  'com.sina.weibo': 'weibo',
  'com.vkontakte.android': 'vk',
  'ru.ok.android': 'ok.ru',
  'com.xing.android': 'xing',
  'com.quora.android': 'quora',
  'com.medium.reader': 'medium',
  'flipboard.app': 'flipboard',
  'com.yelp.android': 'yelp',
  'com.tripadvisor.tripadvisor': 'tripadvisor',
  'tv.twitch.android.app': 'twitch',
  'com.vimeo.android.videoapp': 'vimeo',
  'com.amazon.mshop.android.shopping': 'amazon',
  'com.ebay.mobile': 'ebay',
  'com.openai.chatgpt': 'chatgpt',
  'com.anthropic.claude': 'claude',
  'ai.perplexity.app.android': 'perplexity',
  'com.deepseek.chat': 'deepseek',
  'ch.protonmail.android': 'proton',
  'com.fsck.k9': 'k9 mail',
  'com.samsung.android.email.provider': 'samsung mail',
  'de.gmx.mobile.android.mail': 'gmx mail',
  'de.web.mobile.android.mail': 'web.de mail',
  'ru.mail.mailapp': 'mail.ru mail',
  'ru.yandex.mail': 'yandex mail',
  'com.yahoo.mobile.client.android.yahoo': 'yahoo',
  'com.google.android.apps.plus': 'google+',
  'com.google.android.apps.inbox': 'gmail',
  'com.google.android.apps.youtube.music': 'youtube',
  'com.google.android.apps.shopping.express': 'google shopping',
  'com.google.android.apps.labs.language.tailwind': 'notebooklm',
  'com.microsoft.bing.copilot': 'copilot',
  'com.qwant.liberty': 'qwant',
  'com.startpage.mobile': 'startpage',
  'cz.seznam.sbrowser': 'seznam',
  'cz.seznam.email': 'seznam mail',
  'de.telekom.mail': 't-online mail',
  'de.freenet.mail': 'freenet mail',
  'com.orange.mail.fr': 'orange mail',
  'it.italiaonline.mail': 'libero mail',
  'pl.wp.wppoczta': 'wp mail',
  'pl.onet.mail': 'onet mail',
  'com.netease.mail': 'netease mail',
  'com.tencent.androidqqmail': 'qq mail',
  'com.nhn.android.mail': 'naver mail',
  'com.aol.mobile.aolapp': 'aol mail',
  'com.zoho.mail': 'zoho',
  'com.fastmail.app': 'fastmail',
  'com.fastmail': 'fastmail',
  'de.tutao.tutanota': 'tuta',
  'com.basecamp.hey': 'hey.com',
  'com.superhuman.mail': 'superhuman',
  'com.infomaniak.mail': 'infomaniak',
  'net.thunderbird.android': 'thunderbird',
  'eu.faircode.email': 'fairemail',
  'com.zhihu.android': 'zhihu',
  'com.xingin.xhs': 'xiaohongshu',
  'com.ss.android.ugc.aweme': 'douyin',
  'com.douban.frodo': 'douban',
  'tv.danmaku.bili': 'bilibili',
  'com.dailymotion.dailymotion': 'dailymotion',
  'com.rumble.battles': 'rumble',
  'com.alibaba.aliexpresshd': 'aliexpress',
  'com.etsy.android': 'etsy',
  'com.walmart.android': 'walmart',
  'com.einnovation.temu': 'temu',
  'com.zzkko': 'shein',
  'com.shopify.arrive': 'shopify',
  'com.truthsocial.android.app': 'truthsocial',
  'com.bereal.ft': 'bereal',
  'com.trustpilot.android': 'trustpilot',
  'com.foursquare.robin': 'swarmapp',
  'com.meetup': 'meetup',
  'de.nebenan.app': 'nebenan',
  'com.facebook.workchat': 'workplace',
  'com.facebook.pages.app': 'facebook',
  'com.facebook.mlite': 'messenger',
  'com.facebook.stella': 'meta ai',
  'org.telegram.messenger.web': 'telegram',
  'org.thunderdog.challegram': 'telegram',
  'ai.x.grok': 'grok',
  'ai.mistral.chat': 'mistral',
  'com.poe.android': 'poe.com',
  'ai.character.app': 'character.ai',
  'com.moonshot.kimichat': 'kimi',
  'com.larus.nova': 'doubao',
  'com.youdotcom': 'you.com',
};

/** Other names that tags use for a source, beside its plain name and its hosts. */
export const ALIASES: Table = {
  adwords: 'google',
  googleads: 'google',
  'google ads': 'google',
  'google-ads': 'google',
  google_ads: 'google',
  bingads: 'bing',
  'bing ads': 'bing',
  'bing-ads': 'bing',
  bing_ads: 'bing',
  fb: 'facebook',
  ig: 'instagram',
  insta: 'instagram',
  x: 'twitter',
  'linked-in': 'linkedin',
  snap: 'snapchat',
  meta: 'facebook',
  vkontakte: 'vk',
  odnoklassniki: 'ok.ru',
  googleplus: 'google+',
  'microsoft teams': 'teams',
  'hacker news': 'hackernews',
  yt: 'youtube',
  openai: 'chatgpt',
  'mercado libre': 'mercadolibre',
};

/** The parameters in which a search engine has the search terms, likeliest first; `q` by default. Lower case. */
export const SEARCH_WORDS: Table = {
  aol: 'query q',
  aport: 'r',
  ask: 'q ask searchfor',
  baidu: 'wd word kw',
  'bt.com': 'p',
  coccoc: 'query',
  docomo: 'mt',
  eniro: 'q search_word',
  excite: 'q search',
  freenet: 'query keywords',
  goo: 'mt',
  hao123: 'query',
  hotbot: 'query',
  'juno.com': 'query',
  kvasir: 'q search_word',
  lycos: 'query q',
  metager: 'eingabe q',
  mywebsearch: 'searchfor',
  naver: 'query',
  neti: 'query',
  nifty: 'q text',
  nigma: 's',
  onet: 'qt',
  'orange.fr': 'kw q',
  rakuten: 'qt',
  rambler: 'query words',
  sogou: 'query keyword',
  soso: 'w',
  'so-net': 'query',
  startpage: 'query q',
  startpagina: 'q query',
  swisscows: 'query',
  terra: 'query',
  tiscali: 'q query',
  verizon: 'query',
  virgilio: 'qs qrs',
  voila: 'kw rdata',
  walla: 'query',
  'web.de': 'su q',
  'wp.pl': 'szukaj q',
  xfinity: 'searchterm q',
  yahoo: 'p q vp',
  yam: 'k',
  yandex: 'text',
  yongzin: 'word',
  zoznam: 's',
  zum: 'query',
};
