import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addToWindow,
  cellsOf,
  moveInWindow,
  sumOfWindow,
  type BucketWindow,
} from './bucket-window.ts';

const window: BucketWindow = { head: 0, start: 1, widthMs: 10, buckets: 4, series: 2 };
const createRow = () => new Float64Array(cellsOf(4, 2));

describe('a bucket window', () => {
  it('hunts sums that differ from counting every event of the newest four buckets', () => {
    const steps = fc.array(fc.tuple(fc.nat(25), fc.nat(9), fc.nat(1)), { maxLength: 60 });
    fc.assert(
      fc.property(steps, fc.nat(60), (events, rest) => {
        const row = createRow();
        let now = 1000;
        const seen = events.map(([wait, amount, series]) => {
          now += wait;
          addToWindow(row, window, series, now, amount);
          return { at: now, amount, series };
        });
        const end = now + rest;
        const first = Math.floor(end / 10) - 3;
        for (const series of [0, 1]) {
          const expected = seen
            .filter((event) => event.series === series && Math.floor(event.at / 10) >= first)
            .reduce((sum, { amount }) => sum + amount, 0);
          expect(sumOfWindow(row, window, series, end)).toBe(expected);
        }
      }),
    );
  });

  it('hunts distinct things that are counted twice, or lost while they are still in use', () => {
    const uses = fc.array(fc.tuple(fc.nat(15), fc.nat(5)), { maxLength: 60 });
    fc.assert(
      fc.property(uses, (events) => {
        const row = createRow();
        const last = new Map<number, number>();
        let now = 1000;
        for (const [wait, thing] of events) {
          now += wait;
          moveInWindow(row, window, 0, last.get(thing) ?? 0, now);
          last.set(thing, now);
        }
        const first = Math.floor(now / 10) - 3;
        const distinct = [...last.values()].filter((at) => Math.floor(at / 10) >= first).length;
        expect(sumOfWindow(row, window, 0, now)).toBe(distinct);
      }),
    );
  });

  it('hunts late events that land in a bucket of another time', () => {
    const row = createRow();
    addToWindow(row, window, 0, 1000, 1);
    addToWindow(row, window, 0, 985, 10);
    addToWindow(row, window, 0, 900, 100);
    expect(sumOfWindow(row, window, 0, 1000)).toBe(11);
    expect(sumOfWindow(row, window, 0, 1025)).toBe(1);
  });
});
