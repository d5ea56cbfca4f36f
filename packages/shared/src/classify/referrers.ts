/**
 * Sites that send visits, by what they are: plain name → hosts (each with all its subdomains; `{a,b}` writes out
 * alternatives). The longest fitting host decides, so `mail.google.com` is not `google.com`.
 */
export const SEARCH: Readonly<Record<string, string>> = {
  google: 'google.{com,de,fr,it,es,nl,be,ch,at,pl,pt,se,no,dk,fi,ie,ca,co.uk,co.in,co.jp,com.au,com.br,com.mx}',
  bing: 'bing.com',
  yahoo: 'yahoo.com search.yahoo.co.jp',
  duckduckgo: 'duckduckgo.com',
  ecosia: 'ecosia.org',
  yandex: 'yandex.{ru,com,by,kz,com.tr} ya.ru',
  baidu: 'baidu.com',
  brave: 'search.brave.com',
};

export const SOCIAL: Readonly<Record<string, string>> = {
  facebook: 'facebook.com fb.com fb.me',
  instagram: 'instagram.com',
  twitter: 'twitter.com x.com t.co',
  linkedin: 'linkedin.com lnkd.in',
  pinterest: 'pinterest.{com,de,co.uk,fr} pin.it',
  reddit: 'reddit.com redd.it',
  tiktok: 'tiktok.com',
};

export const VIDEO: Readonly<Record<string, string>> = {
  youtube: 'youtube.com youtu.be',
  vimeo: 'vimeo.com',
};

export const SHOPPING: Readonly<Record<string, string>> = {
  amazon: 'amazon.{com,co.uk,de,fr,it,es,ca}',
  ebay: 'ebay.{com,co.uk,de,fr,it,es,ca}',
};

export const AI: Readonly<Record<string, string>> = {
  chatgpt: 'chatgpt.com chat.openai.com',
  perplexity: 'perplexity.ai',
  claude: 'claude.ai',
  gemini: 'gemini.google.com',
  copilot: 'copilot.microsoft.com',
};

export const MAIL: Readonly<Record<string, string>> = {
  gmail: 'mail.google.com',
  outlook: 'outlook.live.com outlook.office.com outlook.office365.com',
  'yahoo mail': 'mail.yahoo.com',
};

export const ADS: Readonly<Record<string, string>> = {
  doubleclick: 'doubleclick.net googlesyndication.com',
};

export const AFFILIATE: Readonly<Record<string, string>> = {
  awin: 'awin1.com',
};

/** Hosts under a known one that are neither search nor network: plain referrals under their own name. */
export const PLAIN = 'docs.google.com drive.google.com sites.google.com';

/** Visits pass through these and come back: payment and login. They say nothing of where a visit came from. */
export const PASSING = 'accounts.google.com login.microsoftonline.com login.live.com paypal.com checkout.stripe.com';

/** Android applications, by package name. */
export const APPS: Readonly<Record<string, string>> = {
  'com.google.android.googlequicksearchbox': 'google',
  'com.google.android.gm': 'gmail',
  'com.facebook.katana': 'facebook',
  'com.linkedin.android': 'linkedin',
  'com.twitter.android': 'twitter',
};

/** Other names that tags use for a source, beside its plain name and its hosts. */
export const ALIASES: Readonly<Record<string, string>> = {
  fb: 'facebook',
  ig: 'instagram',
  x: 'twitter',
  adwords: 'google',
};

/** Where a search engine keeps the words that were searched, if not in `q`. */
export const SEARCH_WORDS: Readonly<Record<string, string>> = {
  yahoo: 'p q',
  yandex: 'text',
  baidu: 'wd word',
};
