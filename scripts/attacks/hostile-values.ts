import fc from 'fast-check';

/** Texts that have broken programs before: other languages, other encodings, other paths. */
const TEXTS = [
  '',
  ' ',
  'null',
  'undefined',
  'NaN',
  '-0',
  '1e999',
  '0x10',
  '９９',
  "' OR '1'='1' --",
  "'; DROP TABLE entries; --",
  '$1',
  '{{7*7}}',
  '${7*7}',
  '<script>alert(1)</script>',
  '../../../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  '%00',
  'a\u0000b',
  '\ud800',
  '\u202e\u0000\ufeff',
  'İ',
  '👩‍👩‍👧‍👦'.repeat(50),
  'A'.repeat(10_000),
  '__proto__',
  'constructor',
  'txn.ready.00.*',
  '>',
  '9223372036854775807',
  '9223372036854775808',
  '-1',
  '00000000-0000-0000-0000-000000000000',
  '2026-13-45T99:99:99Z',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
];

/** Any text, more often one that is known to hurt. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
);

const deep = (levels: number): unknown => {
  let value: unknown = 1;
  for (let at = 0; at < levels; at++) value = at % 2 === 0 ? [value] : { a: value };
  return value;
};

/** Any value that JSON can say. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: hostileText },
  {
    weight: 2,
    arbitrary: fc.constantFrom<unknown>(
      null,
      true,
      false,
      0,
      -1,
      0.1,
      1e308,
      Number.MAX_SAFE_INTEGER + 2,
      [],
      {},
      [[]],
      { toString: 'x', valueOf: 1 },
      deep(3000),
      Array.from({ length: 2000 }, () => null),
    ),
  },
  { weight: 1, arbitrary: fc.jsonValue() },
);

/** What can be written in a header: visible text, or bytes beyond it. */
export const hostileHeader: fc.Arbitrary<string> = hostileText.map((text) =>
  text.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '?').slice(0, 4000),
);
