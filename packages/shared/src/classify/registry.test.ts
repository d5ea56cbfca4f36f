import { describe, expect, it } from 'vitest';
import { channelOf } from './channel.ts';
import * as data from './referrers.ts';
import { searchWordParameters, sourceOfApp, sourceOfHost, sourceOfTag, writtenOut } from './registry.ts';

const tables = [data.SEARCH, data.SOCIAL, data.VIDEO, data.SHOPPING, data.AI, data.MAIL, data.ADS, data.AFFILIATE];
const names = tables.flatMap((table) => Object.keys(table));

describe('the registry of referrers', () => {
  it('holds several hundred sources', () => {
    expect(names.length).toBeGreaterThan(500);
  });

  it('gives each name one meaning, as a tag too', () => {
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(sourceOfTag(name)?.name).toBe(name);
  });

  it('is written in lower case, without www, each host once', () => {
    const { SEARCH_HOSTS, SOCIAL_HOSTS, MAIL_HOSTS, PLAIN, PAYMENT, LOGIN, REDIRECTORS } = data;
    const unnamed = [SEARCH_HOSTS, SOCIAL_HOSTS, MAIL_HOSTS, PLAIN, PAYMENT, LOGIN, REDIRECTORS];
    const named = [...tables, data.SEARCH_ADS].flatMap((table) => Object.entries(table));
    const hosts = [
      ...named.flatMap(([name, text]) => writtenOut(text, name)),
      ...unnamed.flatMap((text) => writtenOut(text)),
    ];
    expect(hosts.filter((host, index) => hosts.indexOf(host) !== index)).toEqual([]);
    for (const host of hosts) expect(host).toMatch(/^(?!www\.)[a-z0-9*#-][a-z0-9*#.-]*\.(?:[a-z]{2,}|\*)$/);
  });

  it('refers to names that exist', () => {
    for (const name of [
      ...Object.values(data.APPS),
      ...Object.values(data.ALIASES),
      ...Object.keys(data.SEARCH_WORDS),
      ...Object.keys(data.SEARCH_ADS),
    ]) {
      expect(names).toContain(name);
    }
  });

  it('matches whole labels only, the longest host first', () => {
    expect(sourceOfHost('www.google.com')?.name).toBe('google');
    expect(sourceOfHost('mail.google.com')?.name).toBe('gmail');
    expect(sourceOfHost('notgoogle.com')).toBeNull();
    expect(sourceOfHost('com')).toBeNull();
    expect(sourceOfHost('')).toBeNull();
  });

  it('matches applications whole, never as hosts', () => {
    expect(sourceOfApp('com.google.android.gm')?.name).toBe('gmail');
    expect(sourceOfApp('evil.com.google.android.gm')).toBeNull();
    expect(sourceOfApp('constructor')).toBeNull();
    expect(sourceOfHost('com.google.android.gm')).toBeNull();
  });

  it('reads what a tag says: a name, another name, a host, an application', () => {
    expect(sourceOfTag('FB')?.name).toBe('facebook');
    expect(sourceOfTag('m.facebook.com')?.name).toBe('facebook');
    expect(sourceOfTag('com.facebook.katana')?.name).toBe('facebook');
    expect(sourceOfTag('docs.google.com')).toBeNull();
    expect(sourceOfTag('paypal.com')).toBeNull();
  });

  it('knows where the searched words are', () => {
    expect(searchWordParameters('google')).toEqual(['q']);
    expect(searchWordParameters('baidu')).toEqual(['wd', 'word', 'kw']);
    expect(searchWordParameters('constructor')).toEqual(['q']);
  });
});

describe('channelOf', () => {
  it('classifies a cost row as if it were tags, whatever its case', () => {
    expect(channelOf({ source: 'Google', medium: 'CPC', campaign: 'Spring' })).toBe('Paid Search');
    expect(channelOf({ source: 'google', medium: 'cpc', campaign: 'Cross-Network' })).toBe('Cross-network');
    expect(channelOf({ source: 'facebook', medium: null, campaign: null })).toBe('Organic Social');
    expect(channelOf({ source: null, medium: 'email', campaign: null })).toBe('Email');
    expect(channelOf({ source: null, medium: null, campaign: null })).toBe('Unassigned');
  });
});
