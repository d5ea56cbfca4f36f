import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { leaveOlderState } from '../tools/data-folder.ts';

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'dialmark-state-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(state, { recursive: true, force: true });
});

it('starts over with a demo folder of an older version, and says so', async () => {
  const said = vi.spyOn(console, 'log').mockImplementation(() => {});
  mkdirSync(join(state, 'd1'));
  await leaveOlderState(state, null);
  expect(existsSync(state)).toBe(false);
  expect(String(said.mock.calls)).toContain(state);
});

it("refuses somebody's own folder of an older version, and leaves it as it is", async () => {
  mkdirSync(join(state, 'd1'));
  await expect(leaveOlderState(state, '--data-dir')).rejects.toThrow(new RegExp(`${state}.*--data-dir DIR`));
  expect(existsSync(join(state, 'd1'))).toBe(true);
});

it.each([null, '--data-dir'])('lets be what is of this version', async (option) => {
  mkdirSync(join(state, 'do'));
  await leaveOlderState(state, option);
  expect(existsSync(join(state, 'do'))).toBe(true);
});
