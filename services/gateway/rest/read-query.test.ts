import { expect, test } from 'vitest';
import { readQuery } from './read-query.ts';

const CASES: [search: string, read: unknown][] = [
  ['', {}],
  ['a=1&b=x%20y', { a: '1', b: 'x y' }],
  ['metadata[order]=7&metadata[who]=ana', { metadata: { order: '7', who: 'ana' } }],
  ['metadata%5Border%5D=7', { metadata: { order: '7' } }],
  ['metadata[]=7', { metadata: { '': '7' } }],
  ['a=1&a=2', 'a'],
  ['metadata[x]=1&metadata[x]=2', 'metadata[x]'],
  ['metadata=1&metadata[x]=2', 'metadata[x]'],
  ['metadata[x]=2&metadata=1', 'metadata'],
  ['toString=1', { toString: '1' }],
];

test.each(CASES)('hunts parameters that are merged, dropped or picked: %s', (search, read) => {
  const query = readQuery(search);
  if (query.ok) expect({ ...query.value }).toEqual(read);
  else expect(query.error).toBe(read);
});

test('hunts prototypes that a query could reach', () => {
  const query = readQuery('__proto__[polluted]=1&constructor[prototype]=1');
  expect(query.ok && Object.keys(query.value)).toEqual(['__proto__[polluted]', 'constructor']);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});
