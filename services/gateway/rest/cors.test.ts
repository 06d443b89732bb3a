import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { createCorsOf } from './cors.ts';

const OURS = 'https://wallet.example';
const corsOf = createCorsOf([OURS]);
const from = (origin: string | undefined, method = 'GET'): readonly string[] =>
  corsOf({ method, headers: origin === undefined ? {} : { origin } } as IncomingMessage);

describe('hunts pages that call the API without being on the list', () => {
  test.each([
    ['another site', 'https://evil.example'],
    ['one whose name begins alike', `${OURS}.evil.example`],
    ['our site without encryption', 'http://wallet.example'],
    ['a file', 'null'],
    ['no page at all', undefined],
  ])('%s gets no leave', (_, origin) => {
    expect(from(origin)).toEqual([]);
    expect(from(origin, 'OPTIONS')).toEqual([]);
  });

  test('nobody is on the list unless somebody put them there', () => {
    const request = { method: 'GET', headers: { origin: OURS } } as IncomingMessage;
    expect(createCorsOf([])(request)).toEqual([]);
  });

  test('ours get it for themselves alone, and never with cookies', () => {
    const asked = from(OURS, 'OPTIONS');
    expect(asked).toEqual(expect.arrayContaining(['access-control-allow-origin', OURS, 'vary']));
    expect(from(OURS)).toEqual(expect.arrayContaining(['access-control-allow-origin', OURS]));
    expect([...asked, ...from(OURS)]).not.toContain('access-control-allow-credentials');
    expect([...asked, ...from(OURS)]).not.toContain('*');
  });
});
