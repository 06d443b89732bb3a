import { describe, expect, it } from 'vitest';
import { createSeededRandom, type SeededRandom } from '../model/seeded-random.ts';
import { simulate } from '../simulator/mod.ts';
import { apply } from './apply-event.ts';
import { extract } from './extract-features.ts';
import { FEATURE_COUNT } from './feature-table.ts';
import type { FoldedEvent } from './folded-event.ts';
import { createProfiles, type Profiles } from './profiles.ts';
import { restoreSnapshot, takeSnapshot } from './snapshot.ts';

const DAY_MS = 86_400_000;

/** Orders, the ledger's events, labels, identity events. */
const KINDS: FoldedEvent['kind'][][] = [
  ['initiated'],
  ['completed', 'held', 'failed', 'account'],
  ['reported'],
  ['identified', 'credentials-changed', 'erased'],
];

const shifted = (event: FoldedEvent, ms: number): FoldedEvent =>
  event.kind === 'initiated'
    ? { kind: 'initiated', transaction: { ...event.transaction, at: event.transaction.at + ms } }
    : { ...event, at: event.at + ms };

const life = [...simulate({ seed: 8, wallets: 700, days: 30 })].map(({ event }) => event);
/** The same people once more a year and a half later: by then old links are forgotten. */
const EVENTS = [...life, ...life.map((event) => shifted(event, 550 * DAY_MS))];
const STREAMS = KINDS.map((kinds) => EVENTS.filter(({ kind }) => kinds.includes(kind)));

/** Each stream in its own order; which one goes on is drawn, for short or for long runs. */
function* interleaved(random: SeededRandom, runLength: number): Generator<FoldedEvent> {
  const rest = STREAMS.map((events) => events.values());
  for (let left = EVENTS.length; left > 0;) {
    const stream = rest[Math.floor(random.next() * rest.length)];
    for (let run = 1 + Math.floor(random.next() * runLength); run > 0; run--) {
      const next = stream?.next();
      if (!next || next.done) break;
      yield next.value;
      left -= 1;
    }
  }
}

function folded(events: Iterable<FoldedEvent>): Profiles {
  const state = createProfiles();
  for (const event of events) apply(state, event);
  return state;
}

const EXPECTED = takeSnapshot(folded(EVENTS));

describe('profiles of four streams that take turns at random', () => {
  it.each([1, 3, 50, 2000, 100_000])(
    'hunts a bit that depends on whose turn it was (runs up to %i events)',
    (runLength) => {
      for (const seed of [1, 2, 3]) {
        const state = folded(interleaved(createSeededRandom(seed), runLength));
        expect(Buffer.from(takeSnapshot(state)).equals(EXPECTED)).toBe(true);
      }
    },
  );

  it('hunts turns that matter after a restart in the middle', () => {
    const events = [...interleaved(createSeededRandom(9), 300)];
    const half = Math.floor(events.length / 2);
    const restored = restoreSnapshot(takeSnapshot(folded(events.slice(0, half))));
    if (!restored.ok) throw new Error(restored.error);
    for (const event of events.slice(half)) apply(restored.value, event);
    expect(Buffer.from(takeSnapshot(restored.value)).equals(EXPECTED)).toBe(true);
  });

  it('hunts equal profiles that give other features', () => {
    const [one, other] = [folded(EVENTS), folded(interleaved(createSeededRandom(4), 40))];
    const [a, b] = [new Float32Array(FEATURE_COUNT), new Float32Array(FEATURE_COUNT)];
    for (const event of EVENTS.slice(-5000)) {
      if (event.kind !== 'initiated') continue;
      expect(extract(one, event.transaction, a)).toEqual(extract(other, event.transaction, b));
    }
  });

  it('hunts a world in which nothing happens that could get mixed up', () => {
    expect(STREAMS.map(({ length }) => length > 30)).toEqual([true, true, true, true]);
  });

  it('hunts a snapshot that keeps what is forgotten', () => {
    const withoutFirstLife = takeSnapshot(folded(life)).length;
    expect(EXPECTED.length).toBeLessThan(1.5 * withoutFirstLife);
  });
});
