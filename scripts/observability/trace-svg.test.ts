import { expect, test } from 'vitest';
import type { Span } from './collect-spans.ts';
import { traceSvg } from './trace-svg.ts';

const span = (spanId: string, parentSpanId: string, startMs: number, name: string): Span => ({
  traceId: 't',
  spanId,
  parentSpanId,
  name,
  service: 'ledger',
  startMs,
  durationMs: 10,
});

test('hunts a span that is not drawn, or not beneath the one that caused it', () => {
  const picture = traceSvg([
    span('c', 'b', 30, 'third'),
    span('a', 'caller', 0, 'first & <last>'),
    span('b', 'a', 10, 'second'),
  ]);
  const names = [...picture.matchAll(/<text x="(\d+)" y="\d+">([^<]*)</g)];
  expect(names.map(([, x, name]) => [Number(x), name])).toEqual([
    [12, 'ledger: first &amp; &lt;last>'],
    [28, 'ledger: second'],
    [44, 'ledger: third'],
  ]);
  expect(picture).toContain('40.0 ms from the request');
});
