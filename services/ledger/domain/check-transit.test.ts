import { expect, test } from 'vitest';
import { checkTransit, type Transit } from './check-transit.ts';

const of = (more: Partial<Transit>): Transit => ({
  pair: '0-1',
  currency: 'USD',
  departed: 0n,
  settled: 0n,
  open: 0n,
  arrived: 0n,
  ...more,
});
/** Of two shards: what departed from one, moved or not, may be known by another name there. */
const read = (near: Partial<Transit>, far: Partial<Transit>) => [
  of(near),
  of({ ...far, pair: '1-2' }),
];

/** Hunts money that one shard has credited and no other has paid, or the other way round. */
test.each([
  ['nothing under way, all the same', { departed: 9n, settled: 9n }, { arrived: 9n }, true],
  ['credited beyond what has departed', { departed: 9n, settled: 9n }, { arrived: 10n }, false],
  ['paid and not credited', { departed: 9n, settled: 9n }, { arrived: 8n }, false],
  ['under way, credited', { departed: 9n, settled: 5n, open: 4n }, { arrived: 9n }, true],
  ['under way, not yet credited', { departed: 9n, settled: 5n, open: 4n }, { arrived: 5n }, true],
  ['under way, paid too early', { departed: 9n, settled: 5n, open: 4n }, { arrived: 4n }, false],
  ['under way, credited twice', { departed: 9n, settled: 5n, open: 4n }, { arrived: 13n }, false],
])('%s', (_, near, far, sound) => {
  const now = read(near, far);
  expect(checkTransit(now, now, now).length === 0).toBe(sound);
});

/** Hunts alarms that are only payments going on between one reading and the next. */
test('sums that grew while they were read are sound', () => {
  const first = read({ departed: 5n, settled: 3n, open: 2n }, {});
  const middle = read({}, { arrived: 7n });
  const last = read({ departed: 9n, settled: 8n, open: 1n }, {});
  expect(checkTransit(first, middle, last)).toEqual([]);
});
