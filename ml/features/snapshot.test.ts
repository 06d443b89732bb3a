import { describe, expect, it } from 'vitest';
import { simulate } from '../simulator/mod.ts';
import { apply } from './apply-event.ts';
import { extract } from './extract-features.ts';
import type { FoldedEvent } from './folded-event.ts';
import { parkIdle, unpark, type ParkedProfile } from './parking.ts';
import { createProfiles, type Profiles } from './profiles.ts';
import { restoreSnapshot, takeSnapshot } from './snapshot.ts';

const events: FoldedEvent[] = [...simulate({ seed: 5, wallets: 150, days: 45 })].map(
  ({ event }) => event,
);
const half = Math.floor(events.length / 2);

function fold(state: Profiles, part: FoldedEvent[]): Float32Array[] {
  return part.flatMap((event) => {
    const features = event.kind === 'initiated' ? [extract(state, event.transaction)] : [];
    apply(state, event);
    return features;
  });
}

function restored(bytes: Uint8Array): Profiles {
  const result = restoreSnapshot(bytes);
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

const walletsOf = (event: FoldedEvent): string[] => {
  const about = event.kind === 'initiated' ? event.transaction : event;
  const own = 'walletId' in about ? [about.walletId] : [];
  const other = 'counterpartyWalletId' in about ? about.counterpartyWalletId : undefined;
  return other === undefined ? own : [...own, other];
};

describe('profiles', () => {
  it('hunts a restart that differs by one bit from a replay of everything', () => {
    const whole = createProfiles();
    fold(whole, events.slice(0, half));
    const resumed = restored(takeSnapshot(whole));
    const wholeFeatures = fold(whole, events.slice(half));
    expect(fold(resumed, events.slice(half))).toEqual(wholeFeatures);
    expect(Buffer.from(takeSnapshot(resumed)).equals(takeSnapshot(whole))).toBe(true);
  });

  it('hunts an extraction that changes what it reads', () => {
    const state = createProfiles();
    fold(state, events.slice(0, half));
    const before = Buffer.from(takeSnapshot(state));
    for (const event of events.slice(half, half + 500)) {
      if (event.kind === 'initiated') extract(state, event.transaction);
    }
    expect(before.equals(takeSnapshot(state))).toBe(true);
  });

  it('hunts features that change because a profile was parked meanwhile', () => {
    const expected = fold(createProfiles(), events);
    const state = createProfiles();
    const store = new Map<string, ParkedProfile>();
    let parkedInAll = 0;
    const features = events.flatMap((event, i) => {
      const now = event.kind === 'initiated' ? event.transaction.at : event.at;
      for (const walletId of walletsOf(event)) {
        const parked = store.get(walletId);
        if (parked) unpark(state, parked);
        store.delete(walletId);
      }
      const own = fold(state, [event]);
      if (i % 200 === 0) {
        for (const parked of parkIdle(state, now - 2 * 86_400_000)) {
          store.set(parked.walletId, parked);
          parkedInAll += 1;
        }
      }
      return own;
    });
    expect(parkedInAll).toBeGreaterThan(200);
    expect(features).toEqual(expected);
  });

  it('hunts a snapshot of other features that is taken for ours', () => {
    const bytes = takeSnapshot(createProfiles());
    const text = Buffer.from(bytes).toString('latin1');
    const place = text.indexOf('"featureHash":"') + '"featureHash":"'.length;
    bytes[place] = bytes[place] === 0x30 ? 0x31 : 0x30;
    expect(restoreSnapshot(bytes)).toEqual({ ok: false, error: 'other-features' });
  });
});
