import { existsSync } from 'node:fs';
import puppeteer, { type Browser } from 'puppeteer-core';
import { CHROMIUM_ARGUMENTS, findChromium } from './chromium.ts';
import type { Engine } from './engine.ts';
import { findWebKit, launchWebKit } from './webkit.ts';

/** Finds Debian's Firefox; `FIREFOX_PATH` goes first. */
export function findFirefox(): string | undefined {
  const places = ['/usr/bin/firefox-esr', '/usr/bin/firefox', '/Applications/Firefox.app/Contents/MacOS/firefox'];
  return [process.env.FIREFOX_PATH, ...places].find((path) => path && existsSync(path));
}

function driven(browser: Browser): Engine {
  return {
    async newVisitor() {
      const context = await browser.createBrowserContext();
      const page = await context.newPage();
      return {
        open: async (address) => void (await page.goto(address)),
        read: <T>(expression: string) => page.evaluate(expression) as Promise<T>,
        close: () => context.close(),
      };
    },
    close: () => browser.close(),
  };
}

/** The engines on this machine. Chromium always, which the other tests run in too; `scripts/ensure-browser.ts` gets the others. */
export function enginesHere(): { name: string; launch(): Promise<Engine> }[] {
  const firefox = findFirefox();
  return [
    {
      name: 'Chromium',
      launch: async () =>
        driven(await puppeteer.launch({ executablePath: findChromium(), args: [...CHROMIUM_ARGUMENTS] })),
    },
    ...(firefox
      ? [
          {
            name: 'Firefox',
            launch: async () => driven(await puppeteer.launch({ browser: 'firefox', executablePath: firefox })),
          },
        ]
      : []),
    ...(findWebKit() ? [{ name: 'WebKit', launch: launchWebKit }] : []),
  ];
}
