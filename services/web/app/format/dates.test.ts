import { describe, expect, test } from 'vitest';
import { dayOf, formatDay, formatRelative } from './dates.ts';

describe('days are told as people tell them', () => {
  const now = new Date(2026, 10, 20, 0, 5);
  test.each([
    [new Date(2026, 10, 20, 0, 1), 'en', 'Today'],
    [new Date(2026, 10, 19, 23, 59), 'en', 'Yesterday'],
    [new Date(2026, 10, 19, 23, 59), 'de', 'Gestern'],
    [new Date(2026, 10, 18, 12, 0), 'en', 'Wednesday, November 18'],
    [new Date(2025, 10, 18, 12, 0), 'de', 'Dienstag, 18. November 2025'],
  ])('%s in %s is %s', (time, locale, text) => {
    expect(formatDay(time, locale, now)).toBe(text);
  });

  test('two times of one day share a group, the next minute after midnight begins another', () => {
    const late = new Date(2026, 10, 19, 23, 59).toISOString();
    const early = new Date(2026, 10, 19, 0, 0).toISOString();
    const next = new Date(2026, 10, 20, 0, 0).toISOString();
    expect(dayOf(late)).toBe(dayOf(early));
    expect(dayOf(late)).not.toBe(dayOf(next));
  });

  test.each([
    [-30, '30 sec. ago'],
    [-90, '1 min. ago'],
    [7200, 'in 2 hr.'],
    [-86_400, 'yesterday'],
  ])('%d seconds away is %s', (seconds, text) => {
    const at = now.getTime() + seconds * 1000;
    expect(formatRelative(new Date(at).toISOString(), 'en', now.getTime())).toBe(text);
  });
});
