import { uuidv7 } from '@florin/kernel';
import {
  apply,
  createProfiles,
  parkIdle,
  takeSnapshot,
  unpark,
  type FoldedEvent,
  type Profiles,
} from '@florin/ml/features';
import { describe, expect, test } from 'vitest';
import { beginCopy, copyProfiles, restoreProfiles } from './profile-copy.ts';

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

  describe('taken step by step', () => {
    const MANY = Array.from({ length: 3_000 }, () => uuidv7());
    const pay = (n: number, spread: number): FoldedEvent => ({
      kind: 'initiated',
      transaction: {
        at: 1_700_000_000_000 + n * 1_000,
        type: 'transfer',
        walletId: MANY[n % MANY.length] as string,
        counterpartyWalletId: MANY[(n * 7 + 1) % MANY.length],
        bankAccount: undefined,
        amount: 100 + n,
        currency: 'USD',
        context: { deviceId: `device-${n % spread}` },
      },
    });
    const many = (): Profiles => {
      const state = createProfiles();
      for (let n = 0; n < 20_000; n++) apply(state, pay(n, 40_000));
      for (const ownerId of MANY) apply(state, { kind: 'identified', at: 1, ownerId, kycLevel: 2 });
      return state;
    };
    /** Takes a copy, with some work before each of its parts. */
    function copied(state: Profiles, between: (part: number) => void) {
      using copy = beginCopy(state);
      const parts: Uint8Array[] = [];
      between(0);
      for (const part of copy.parts()) {
        parts.push(part);
        between(parts.length);
      }
      return { bytes: Buffer.concat([copy.head(), ...parts]), parts: parts.length };
    }

    test('it is what was there at the beginning, whatever happens between two parts', () => {
      const state = many();
      const before = copyProfiles(state);
      const { bytes, parts } = copied(state, (part) => {
        for (let n = 0; n < 500; n++) apply(state, pay(21_000 + part * 500 + n, 999));
        for (const event of events(part * 40, part * 40 + 40)) apply(state, event);
        const ownerId = MANY[part] as string;
        apply(state, { kind: 'erased', at: 2, ownerId });
        apply(state, { kind: 'credentials-changed', at: 3, ownerId: pick(part) });
      });
      expect(parts).toBeGreaterThan(6);
      expect(bytes.equals(before)).toBe(true);
      expect(Buffer.from(copyProfiles(state)).equals(before)).toBe(false);
    });

    test('links that move to a larger table are copied as they lay', () => {
      const state = many();
      const before = copyProfiles(state);
      const { places } = state.links;
      const { bytes } = copied(state, () => {
        for (let n = 0; n < 20_000; n++) apply(state, pay(20_000 + n * 3, 1e9));
      });
      expect(state.links.places).toBeGreaterThan(places);
      expect(bytes.equals(before)).toBe(true);
    });

    test('a day that begins takes nothing from it', () => {
      const state = many();
      const before = copyProfiles(state);
      const at = 1_700_000_000_000 + 2 * 86_400_000;
      const { bytes } = copied(state, (part) => {
        if (part !== 1) return;
        apply(state, pay(2 * 86_400, 9));
        apply(state, { kind: 'failed', at, walletId: MANY[5] as string });
      });
      expect(bytes.equals(before)).toBe(true);
    });

    test('who comes back from parking meanwhile is not in it', () => {
      const state = many();
      const parked = parkIdle(state, 1_700_000_000_000 + 18_000_000);
      expect(parked.length).toBeGreaterThan(100);
      const before = copyProfiles(state);
      const { bytes } = copied(state, (part) => {
        const profile = parked[part];
        if (profile) unpark(state, profile);
        apply(state, pay(part, 9));
      });
      expect(bytes.equals(before)).toBe(true);
    });

    test('the next copy begins anew, also after one that was given up', () => {
      const state = many();
      {
        using copy = beginCopy(state);
        copy.parts().next();
        apply(state, pay(30_000, 9));
        expect(() => beginCopy(state)).toThrow('one copy after the other');
      }
      apply(state, pay(30_001, 9));
      const before = copyProfiles(state);
      const { bytes } = copied(state, (part) => apply(state, pay(30_002 + part, 9)));
      expect(bytes.equals(before)).toBe(true);
    });
  });

  test('the copy of other features is refused', () => {
    const bytes = Buffer.from(copyProfiles(createProfiles()));
    const other = bytes.toString('latin1').replace(/"featureHash":"./, '"featureHash":"X');
    const changed = Uint8Array.from(Buffer.from(other, 'latin1'));
    expect(restoreProfiles(changed)).toEqual({ ok: false, error: 'other-features' });
  });
});
