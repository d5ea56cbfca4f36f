import { expect, it } from 'vitest';
import assistants from '../../../../data/matomo-referrers/AIAssistants.yml?raw';
import engines from '../../../../data/matomo-referrers/SearchEngines.yml?raw';
import socials from '../../../../data/matomo-referrers/Socials.yml?raw';
import { sourceOfApp, sourceOfHost } from './registry.ts';

/** Hosts that Matomo's lists know and the registry reads otherwise, each with the reason. */
const OTHERWISE: Readonly<Record<string, readonly string[]>> = {
  'an assistant, a network, a video site or a price comparison rather than a search engine': [
    ...['chat.openai.com', 'chatgpt.com', 'perplexity.ai', 'you.com', 'tieba.baidu.com', 'digg.com', 'facebook.com'],
    ...['searchservice.myspace.com', 'toppreise.ch', '{}.toppreise.ch', 'fr.toppreise.ch', 'de.toppreise.ch'],
    ...['en.toppreise.ch', 'bilibili.com', 'douyu.com', 'huya.com', 'nicovideo.jp', 'youtube.com', 'youtu.be'],
    ...['vimeo.com', 'inbox.com'],
  ],
  'a portal, a provider or a publication of which search is a small part': [
    ...['arcor.de', 'charter.net', 'cnn.com', 'fastweb.it', 'wow.com', '{}.wow.com', 'optuszoo.com.au', 'icq.com'],
    ...['cgi2.nintendo.co.jp', 'kadaza.com', 'skynet.be', 'talktalk.co.uk', 'weborama.fr', 'highbeam.com'],
    ...['rpmfind.net', 'fr2.rpmfind.net', 'technorati.com', 'friendfeed.com', 'mister-wong.com', 'mister-wong.de'],
    'webcache.googleusercontent.com',
  ],
  'a misspelling of Google, open to anybody': [
    ...[
      'wwwgoogle.com',
      'wwwgoogle.{}',
      'gogole.com',
      'gogole.{}',
      'gppgle.com',
      'gppgle.{}',
      'googel.com',
      'googel.{}',
    ],
  ],
  'a login that visits pass through': ['login.live.com', 'open.weixin.qq.com'],
  'an application or a path, not a host': [
    ...['android-app//com.google.android.googlequicksearchbox/https/www.google.com', 'apollo.lv/portal/search/'],
    ...['x.com/i/grok', 'linkedin.android'],
  ],
};
const excused = new Set(Object.values(OTHERWISE).flat());

/** The hosts in one of the lists: of search engines those under `urls`, otherwise all. */
function hostsOf(list: string): string[] {
  let within = true;
  return list.split('\n').flatMap((line) => {
    const key = /^\s+(\w+):/.exec(line)?.[1];
    if (key !== undefined) within = key === 'urls';
    else if (/^\S/.test(line)) within = true;
    const host = /^\s+- '?([^\s':]+)'?\s*$/.exec(line)?.[1]?.replace(/^www\d?\./, '');
    return within && host !== undefined && !excused.has(host) ? [host] : [];
  });
}

it.each([
  ['search', engines, 500],
  ['social', socials, 180],
  ['ai', assistants, 15],
] as const)('every host of Matomo’s list is known as %s', (kind, list, least) => {
  const hosts = hostsOf(list);
  expect(hosts.length).toBeGreaterThan(least);
  expect(
    hosts.filter(
      (host) => (sourceOfApp(host) ?? sourceOfHost(host.replace('{}', 'de').replace(/\/.*/, '')))?.kind !== kind,
    ),
  ).toEqual([]);
});
