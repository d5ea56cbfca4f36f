/** @module-tag slow */

import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const unit = new URL('../deploy/dialmark.service', import.meta.url).pathname;
const text = readFileSync(unit, 'utf8');
const has = spawnSync('systemd-analyze', ['--version']).status === 0;

describe('the systemd unit', () => {
  it.each(['MemoryMax', 'SystemCallFilter', 'ProtectProc', 'UMask', 'NoNewPrivileges'])('sets %s', (name) => {
    expect(text).toMatch(new RegExp(`^${name}=\\S`, 'm'));
  });

  it('lets V8 compile', () => expect(text).not.toMatch(/^MemoryDenyWriteExecute=(yes|true|1|on)/m));

  it.skipIf(!has)('leaves little exposed', () => {
    const said = execFileSync('systemd-analyze', ['security', '--offline=true', unit], { encoding: 'utf8' });
    expect(Number(/exposure level for \S+: ([\d.]+)/.exec(said)?.[1])).toBeLessThan(2);
  });
});
