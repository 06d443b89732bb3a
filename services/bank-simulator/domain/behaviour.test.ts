import { describe, expect, test } from 'vitest';
import { answerToRepeat, BEHAVIOURS, reactToPayment } from './behaviour.ts';

describe('each behaviour records and answers as its name promises', () => {
  test.each([
    ['ok', 1, 'settled', 'verdict'],
    ['slow', 1, 'settled', 'verdict'],
    ['declined', 1, 'declined', 'verdict'],
    ['timeout', 1, 'settled', 'nothing'],
    ['flaky', 1, undefined, 'error'],
    ['flaky', 2, 'settled', 'verdict'],
    ['flaky', 3, undefined, 'error'],
    ['down', 1, undefined, 'nothing'],
    ['unknown-then-ok', 1, 'settled', 'error'],
    ['unknown-then-declined', 1, 'declined', 'error'],
  ] as const)('%s, call %i: records %s, answers %s', (behaviour, call, records, answers) => {
    expect(reactToPayment(behaviour, call)).toMatchObject({ records, answers });
  });

  test('only the slow bank needs time to settle', () => {
    const slow = BEHAVIOURS.filter((behaviour) => reactToPayment(behaviour, 2).takesTime);
    expect(slow).toEqual(['slow']);
  });

  test('asked again, a bank tells its verdict, unless it never answers at all', () => {
    const mute = BEHAVIOURS.filter((behaviour) => answerToRepeat(behaviour) === 'nothing');
    expect(mute).toEqual(['timeout', 'down']);
  });
});
