import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Finds the machine's Chrome or Chromium; `CHROMIUM_PATH` goes first. Throws with what to do where there is none. */
export function findChromium(): string {
  const found = [process.env.CHROMIUM_PATH, ...PLACES].find((path) => path && existsSync(path));
  if (!found) throw new Error('No Chrome or Chromium found: install one, or name it in CHROMIUM_PATH.');
  return found;
}

/** Talking to nobody but the pages under test. */
export const CHROMIUM_ARGUMENTS = [
  '--no-sandbox',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Names under .test and the example.co.uk of the cookie tests are served from here.
  '--host-resolver-rules=MAP *.test 127.0.0.1,MAP *.acme.co.uk 127.0.0.1',
] as const;

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), args: [...CHROMIUM_ARGUMENTS] });
}
