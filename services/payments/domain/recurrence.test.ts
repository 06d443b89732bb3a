import { recurrenceRule, type RecurrenceRule } from '@florin/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstAfter, occurrenceAt } from './recurrence.ts';

const rule = (fields: object): RecurrenceRule =>
  recurrenceRule.parse({ timeZone: 'UTC', ...fields });

const moments = (of: RecurrenceRule, count: number): string[] =>
  Array.from({ length: count }, (_, index) => occurrenceAt(of, index + 1)).map((atMs) =>
    atMs === undefined ? 'end' : new Date(atMs).toISOString().replace(':00.000Z', 'Z'),
  );

describe('the moments of a rule: hunts days that are lost or shifted', () => {
  test.each([
    ['once', { frequency: 'once', startAt: '2027-03-01T09:00' }, ['2027-03-01T09:00Z', 'end']],
    [
      'every second day',
      { frequency: 'daily', interval: 2, startAt: '2027-02-27T09:00' },
      ['2027-02-27T09:00Z', '2027-03-01T09:00Z', '2027-03-03T09:00Z'],
    ],
    [
      'weekly over a new year',
      { frequency: 'weekly', startAt: '2027-12-28T00:00' },
      ['2027-12-28T00:00Z', '2028-01-04T00:00Z'],
    ],
    [
      'the 31st: the last day of shorter months, and the 31st again',
      { frequency: 'monthly', startAt: '2027-01-31T09:00' },
      ['2027-01-31T09:00Z', '2027-02-28T09:00Z', '2027-03-31T09:00Z', '2027-04-30T09:00Z'],
    ],
    [
      'the 30th in a leap year',
      { frequency: 'monthly', startAt: '2027-12-30T09:00' },
      ['2027-12-30T09:00Z', '2028-01-30T09:00Z', '2028-02-29T09:00Z', '2028-03-30T09:00Z'],
    ],
    [
      '29 February every twelve months',
      { frequency: 'monthly', interval: 12, startAt: '2028-02-29T09:00' },
      ['2028-02-29T09:00Z', '2029-02-28T09:00Z', '2030-02-28T09:00Z', '2031-02-28T09:00Z'],
    ],
    [
      'nine in Berlin stays nine when summer begins',
      { frequency: 'daily', startAt: '2027-03-27T09:00', timeZone: 'Europe/Berlin' },
      ['2027-03-27T08:00Z', '2027-03-28T07:00Z', '2027-03-29T07:00Z'],
    ],
    [
      'half past two does not exist on 28 March in Berlin: half past three',
      { frequency: 'daily', startAt: '2027-03-27T02:30', timeZone: 'Europe/Berlin' },
      ['2027-03-27T01:30Z', '2027-03-28T01:30Z', '2027-03-29T00:30Z'],
    ],
    [
      'half past two comes twice on 31 October in Berlin: the first of them',
      { frequency: 'daily', startAt: '2027-10-30T02:30', timeZone: 'Europe/Berlin' },
      ['2027-10-30T00:30Z', '2027-10-31T00:30Z', '2027-11-01T01:30Z'],
    ],
    [
      'Lord Howe Island moves its clocks by half an hour',
      { frequency: 'daily', startAt: '2027-10-02T02:15', timeZone: 'Australia/Lord_Howe' },
      ['2027-10-01T15:45Z', '2027-10-02T15:45Z', '2027-10-03T15:15Z'],
    ],
    [
      'Samoa left out 30 December 2011: both days come on the 31st',
      { frequency: 'daily', startAt: '2011-12-29T09:00', timeZone: 'Pacific/Apia' },
      ['2011-12-29T19:00Z', '2011-12-30T19:00Z', '2011-12-30T19:00Z', '2011-12-31T19:00Z'],
    ],
    [
      'the last day counts',
      { frequency: 'daily', startAt: '2027-01-01T23:30', endDate: '2027-01-02' },
      ['2027-01-01T23:30Z', '2027-01-02T23:30Z', 'end'],
    ],
    [
      'the last day is one of that place, not of UTC',
      {
        frequency: 'daily',
        startAt: '2027-01-01T08:00',
        endDate: '2027-01-02',
        timeZone: 'Asia/Tokyo',
      },
      ['2026-12-31T23:00Z', '2027-01-01T23:00Z', 'end'],
    ],
    [
      'three times',
      { frequency: 'monthly', startAt: '2027-01-15T09:00', count: 3 },
      ['2027-01-15T09:00Z', '2027-02-15T09:00Z', '2027-03-15T09:00Z', 'end'],
    ],
    [
      'to the end of dates',
      { frequency: 'daily', startAt: '2099-12-31T09:00' },
      ['2099-12-31T09:00Z', 'end'],
    ],
  ])('%s', (_, fields, expected) => {
    expect(moments(rule(fields), expected.length)).toEqual(expected);
  });

  test.each([
    { frequency: 'daily', startAt: '2027-02-30T09:00' },
    { frequency: 'daily', startAt: '2027-02-28T24:00' },
    { frequency: 'daily', startAt: '2027-02-28T09:00Z' },
    { frequency: 'daily', startAt: '2027-02-28T09:00', timeZone: '+01:00' },
    { frequency: 'daily', startAt: '2027-02-28T09:00', timeZone: 'Mars/Olympus' },
    { frequency: 'daily', startAt: '2027-02-28T09:00', endDate: '2027-03-01', count: 2 },
    { frequency: 'once', startAt: '2027-02-28T09:00', count: 2 },
  ])('%o is no rule', (fields) => {
    expect(recurrenceRule.safeParse({ timeZone: 'UTC', ...fields }).success).toBe(false);
  });
});

const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Pacific/Apia', 'Australia/Lord_Howe'];
const rules = fc
  .record({
    frequency: fc.constantFrom('daily', 'weekly', 'monthly'),
    interval: fc.integer({ min: 1, max: 40 }),
    day: fc.date({
      min: new Date('2005-01-01'),
      max: new Date('2030-01-01'),
      noInvalidDate: true,
    }),
    timeZone: fc.constantFrom(...ZONES),
    count: fc.option(fc.integer({ min: 1, max: 400 }), { nil: undefined }),
  })
  .map(({ day, ...fields }) => rule({ ...fields, startAt: day.toISOString().slice(0, 16) }));

describe('any rule: hunts occurrences out of order, or looked up wrongly', () => {
  test('moments never go back', () => {
    fc.assert(
      fc.property(rules, fc.integer({ min: 1, max: 300 }), (of, number) => {
        const [one, next] = [occurrenceAt(of, number), occurrenceAt(of, number + 1)];
        fc.pre(one !== undefined && next !== undefined);
        expect(next).toBeGreaterThanOrEqual(one);
      }),
    );
  });

  test('the first after a moment is later than it, and the one before is not', () => {
    const any = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2040, 0, 1) });
    fc.assert(
      fc.property(rules, any, (of, afterMs) => {
        const found = firstAfter(of, afterMs);
        if (found === undefined) {
          const last = occurrenceAt(of, of.count ?? 1);
          expect(of.count).toBeDefined();
          expect(last).toBeLessThanOrEqual(afterMs);
          return;
        }
        expect(found.atMs).toBeGreaterThan(afterMs);
        expect(occurrenceAt(of, found.number)).toBe(found.atMs);
        const before = found.number === 1 ? -Infinity : occurrenceAt(of, found.number - 1);
        expect(before).toBeLessThanOrEqual(afterMs);
      }),
    );
  });
});
