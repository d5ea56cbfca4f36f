/** Finds Chrome or Chromium for the tests; installs it where that can be done without asking (root on Debian). */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findChromium } from '../test/browser/chromium.ts';

function found(): boolean {
  try {
    findChromium();
    return true;
  } catch {
    return false;
  }
}

if (!found()) {
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('No Chromium here: installing it by apt-get …');
    const run = (...args: string[]) =>
      spawnSync('apt-get', args, {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      });
    run('update');
    run('install', '-y', '--no-install-recommends', 'chromium');
  }
  if (!found()) {
    console.error(
      'The tests need Chrome or Chromium. Install it (Debian: apt-get install chromium; macOS: brew install --cask chromium), or name it in CHROMIUM_PATH.',
    );
    process.exit(1);
  }
}
