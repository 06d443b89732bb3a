import { recurrenceRule } from '@florin/contracts';
import { expect, test } from 'vitest';
import { PLANNED_AT_ONCE, planDue } from './plan-due.ts';
import { firstAfter, occurrenceAt } from './recurrence.ts';

const HOUR_MS = 3_600_000;
const rule = recurrenceRule.parse({
  frequency: 'daily',
  startAt: '2027-01-01T09:00',
  timeZone: 'UTC',
});
const next = { number: 1, atMs: occurrenceAt(rule, 1) ?? 0 };
const at = (text: string) => ({ nowMs: Date.parse(text), lateAfterMs: HOUR_MS });

/** Hunts an outage after which somebody is paid twice, or not at all. */
test.each([
  ['nothing before its time', 'latest', '2027-01-01T08:59:59Z', ''],
  ['one at its time', 'latest', '2027-01-01T09:00:00Z', '1 due'],
  ['one at its time, whatever the policy', 'none', '2027-01-01T09:59:59Z', '1 due'],
  ['too late for nothing', 'none', '2027-01-01T10:00:01Z', '1 missed'],
  ['three days down: the latest', 'latest', '2027-01-03T10:30:00Z', '1 missed, 2 missed, 3 due'],
  ['three days down: all', 'all', '2027-01-03T10:30:00Z', '1 due, 2 due, 3 due'],
  ['three days down: none', 'none', '2027-01-03T10:30:00Z', '1 missed, 2 missed, 3 missed'],
  ['up just in time', 'none', '2027-01-03T09:30:00Z', '1 missed, 2 missed, 3 due'],
] as const)('%s', (_, onMissed, now, expected) => {
  const { occurrences, next: following } = planDue({ rule, onMissed, next }, at(now));
  expect(occurrences.map(({ number, status }) => `${number} ${status}`).join(', ')).toBe(expected);
  expect(following).toEqual(firstAfter(rule, Date.parse(now)));
});

test('many years down: the latest is the last of all, not of each round', () => {
  const now = at('2029-06-01T12:00:00Z');
  const statuses: string[] = [];
  let from: typeof next | undefined = next;
  while (from !== undefined && from.atMs <= now.nowMs) {
    const round = planDue({ rule, onMissed: 'latest', next: from }, now);
    expect(round.occurrences.length).toBeLessThanOrEqual(PLANNED_AT_ONCE);
    statuses.push(...round.occurrences.map(({ status }) => status));
    from = round.next;
  }
  expect(statuses.filter((status) => status === 'due')).toHaveLength(1);
  expect(statuses.at(-1)).toBe('due');
});

test('what ends has nothing next', () => {
  const twice = { ...rule, count: 2 };
  const round = planDue({ rule: twice, onMissed: 'all', next }, at('2027-02-01T00:00:00Z'));
  expect(round.occurrences).toHaveLength(2);
  expect(round.next).toBeUndefined();
});
