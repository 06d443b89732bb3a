import { expect, test } from 'vitest';
import { readPreference } from './preference.ts';

const CASES: [header: string | undefined, waitMs: number, applied: string | undefined][] = [
  [undefined, 5_000, undefined],
  ['', 5_000, undefined],
  ['wait=10', 10_000, 'wait=10'],
  ['wait="10"', 10_000, 'wait=10'],
  ['Wait = 3', 3_000, 'wait=3'],
  ['wait=0', 0, 'wait=0'],
  ['wait=61', 60_000, 'wait=60'],
  ['wait=999999999', 60_000, 'wait=60'],
  ['respond-async', 0, 'respond-async'],
  ['RESPOND-ASYNC', 0, 'respond-async'],
  ['respond-async, wait=10', 10_000, 'wait=10'],
  ['wait=10, respond-async', 10_000, 'wait=10'],
  ['wait=1, wait=20', 1_000, 'wait=1'],
  ['handling=lenient, wait=2; foo=bar', 2_000, 'wait=2'],
  ['wait=-1', 5_000, undefined],
  ['wait=1.5', 5_000, undefined],
  ['wait=1e9', 5_000, undefined],
  ['wait', 5_000, undefined],
  ['return=minimal', 5_000, undefined],
  [',,;;==', 5_000, undefined],
];

test.each(CASES)('hunts a wait that is misread or unlimited: %j', (header, waitMs, applied) => {
  expect(readPreference(header)).toEqual({ waitMs, applied });
});
