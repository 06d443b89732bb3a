import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandOf } from '@florin/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { readSecrets } from './secrets.ts';
import { openStateFolder } from './state-folder.ts';

describe('two runs never share a state folder, and a dead one never blocks it', () => {
  const root = mkdtempSync(join(tmpdir(), 'florin-state-'));
  afterAll(() => rmSync(root, { recursive: true }));

  test('the second is refused with the process to stop, until the first lets go', () => {
    const first = openStateFolder(join(root, 'a'));
    expect(() => openStateFolder(join(root, 'a'))).toThrow(`kill ${process.pid}`);
    first.release();
    openStateFolder(join(root, 'a')).release();
  });

  test.each([
    ['of a process that is gone', { pid: 2 ** 22 - 1, command: 'node start' }],
    ['whose number is another program by now', { pid: process.ppid, command: 'node start' }],
    ['that was cut off while it was written', undefined],
  ])('a lock %s counts for nothing', (_case, lock) => {
    openStateFolder(join(root, 'b')).release();
    writeFileSync(join(root, 'b', 'lock.json'), lock ? JSON.stringify(lock) : '{"pid": 1');
    const state = openStateFolder(join(root, 'b'));
    expect(state.read('lock.json')).toEqual({
      pid: process.pid,
      command: commandOf(process.pid),
    });
    state.release();
  });

  test('secrets are made once, are readable by the owner only, and grow with the services', () => {
    const state = openStateFolder(join(root, 'c'));
    const before = readSecrets(state, ['ledger'], ['ana@florin.dev']);
    const after = readSecrets(state, ['gateway', 'ledger'], ['ana@florin.dev']);
    expect(after).toMatchObject({ ...before, signingKeys: before.signingKeys });
    expect(Object.keys(after.signingKeys)).toEqual(['gateway', 'ledger']);
    expect(statSync(state.file('secrets.json')).mode & 0o777).toBe(0o600);
    state.release();
  });
});
