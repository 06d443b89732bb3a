import { uuidv7 } from '@florin/kernel';
import {
  apply,
  createProfiles,
  takeSnapshot,
  type FoldedEvent,
  type Profiles,
} from '@florin/ml/features';
import { describe, expect, test } from 'vitest';
import { copyProfiles, restoreProfiles } from './profile-copy.ts';

const wallets = Array.from({ length: 40 }, () => uuidv7());
const pick = (n: number): string => wallets[n % wallets.length] as string;

/** What the streams may tell, some of everything. */
function* events(from: number, to: number): Generator<FoldedEvent> {
  for (let n = from; n < to; n++) {
    const at = 1_700_000_000_000 + n * 60_000;
    const pair = { walletId: pick(n), counterpartyWalletId: pick(n * 7 + 1) };
    const money = { amount: 100 + n, currency: 'USD' } as const;
    const context = { deviceId: `device-${n % 9}`, address: `net-${n % 5}` };
    yield {
      kind: 'initiated',
      transaction: { at, type: 'transfer', ...pair, ...money, context },
    };
    if (n % 4 === 0) yield { kind: 'failed', at, walletId: pair.walletId };
    else yield { kind: 'completed', at, type: 'transfer', ...pair, ...money, balance: 5 };
    if (n % 6 === 0) yield { kind: 'credentials-changed', at, ownerId: pick(n) };
    if (n % 11 === 0) yield { kind: 'reported', at, walletId: pair.walletId, ...context };
  }
}

function fold(state: Profiles, from: number, to: number): Profiles {
  for (const event of events(from, to)) apply(state, event);
  return state;
}

const bytesOf = (state: Profiles): Buffer => Buffer.from(takeSnapshot(state));

function restored(bytes: Uint8Array): Profiles {
  const found = restoreProfiles(bytes);
  if (!found.ok) throw new Error(found.error);
  return found.value;
}

describe('hunts a copy that goes on otherwise than what it was taken of', () => {
  test('what is restored is the same, and stays the same with what comes next', () => {
    const state = fold(createProfiles(), 0, 3_000);
    const copy = restored(copyProfiles(state));
    expect(bytesOf(copy).equals(bytesOf(state))).toBe(true);
    expect(bytesOf(fold(copy, 3_000, 9_000)).equals(bytesOf(fold(state, 3_000, 9_000)))).toBe(true);
  });

  test('nothing at all can be copied too', () => {
    const copy = restored(copyProfiles(createProfiles()));
    expect(bytesOf(fold(copy, 0, 500)).equals(bytesOf(fold(createProfiles(), 0, 500)))).toBe(true);
  });

  test('a copy that begins within a buffer of somebody else is read as well', () => {
    const bytes = copyProfiles(fold(createProfiles(), 0, 100));
    const shifted = Buffer.concat([Buffer.alloc(3), bytes]).subarray(3);
    expect(restored(shifted).wallets.size).toBe(40);
  });

  test('the copy of other features is refused', () => {
    const bytes = Buffer.from(copyProfiles(createProfiles()));
    const other = bytes.toString('latin1').replace(/"featureHash":"./, '"featureHash":"X');
    const changed = Uint8Array.from(Buffer.from(other, 'latin1'));
    expect(restoreProfiles(changed)).toEqual({ ok: false, error: 'other-features' });
  });
});
