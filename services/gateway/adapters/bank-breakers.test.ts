import { expect, test } from 'vitest';
import { createBankBreakers } from './bank-breakers.ts';

const SINCE_MS = Date.parse('2026-01-01T00:00:00Z');

function breakersAt(afterMs: number) {
  return createBankBreakers({ nowMs: () => SINCE_MS + afterMs, monotonicMs: () => afterMs });
}

const report = (state: string, retryAfterSeconds?: number): string =>
  JSON.stringify({ bank: 'ok', state, since: '2026-01-01T00:00:00Z', retryAfterSeconds });

const CASES: [what: string, json: string | undefined, afterMs: number, open: number | undefined][] =
  [
    ['open', report('open', 30), 0, 30],
    ['open for a while', report('open', 30), 28_500, 2],
    ['open for longer than announced', report('open', 30), 30_000, undefined],
    ['open without an end', report('open'), 0, 10],
    ['half-open', report('half-open', 30), 0, undefined],
    ['closed', report('closed'), 0, undefined],
    ['withdrawn', undefined, 0, undefined],
    ['no JSON', '{', 0, undefined],
    ['of another form', '{"state":"open"}', 0, undefined],
  ];

test.each(CASES)('hunts banks that are shut out too long or not at all: %s', (...row) => {
  const [, json, afterMs, open] = row;
  const breakers = breakersAt(afterMs);
  breakers.report('ok', report('open', 1));
  breakers.report('ok', json);
  expect(breakers.openForSeconds('ok')).toBe(open);
  expect(breakers.openForSeconds('other')).toBeUndefined();
});
