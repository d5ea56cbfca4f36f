/**
 * Finds the browsers that the tests run in; installs those that are missing where that can be done without asking (root
 * on Debian). Chrome or Chromium must be there; in Firefox and WebKit only their own tests run. `--one`: Chrome or Chromium
 * alone, which is enough for `npm test`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findChromium } from '../tools/browsers/chromium.ts';
import { findFirefox } from '../tools/browsers/engines.ts';
import { findWebKit } from '../tools/browsers/webkit.ts';

const BROWSERS = [
  { name: 'Chrome or Chromium', packages: ['chromium'], isHere: () => isFound(findChromium), instead: 'CHROMIUM_PATH' },
  { name: 'Firefox', packages: ['firefox-esr'], isHere: () => isFound(findFirefox), instead: 'FIREFOX_PATH' },
  { name: 'WebKit', packages: ['webkit2gtk-driver', 'xvfb'], isHere: () => isFound(findWebKit), instead: null },
];

const wanted = process.argv.includes('--one') ? BROWSERS.slice(0, 1) : BROWSERS;

function isFound(find: () => unknown): boolean {
  try {
    return Boolean(find());
  } catch {
    return false;
  }
}

const missing = () => wanted.filter(({ isHere }) => !isHere());

if (missing().length > 0 && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
  const aptGet = (...args: string[]) =>
    spawnSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  aptGet('update');
  // One by one: a system that lacks one of them gets the others.
  for (const { name, packages } of missing()) {
    console.log(`${name} is missing. Installing ${packages.join(' and ')} with apt-get …`);
    aptGet('install', '-y', '--no-install-recommends', ...packages);
  }
}

for (const { name, packages, instead } of missing()) {
  const how = `Debian: apt-get install ${packages.join(' ')}${instead ? `; or name one in ${instead}` : ''}`;
  console.error(`${name} is missing, so its tests cannot run (${how}).`);
}
if (!isFound(findChromium)) process.exit(1);
