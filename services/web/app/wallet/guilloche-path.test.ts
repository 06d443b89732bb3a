import { describe, expect, test } from 'vitest';
import { guillochePath, ringsOf } from './guilloche-path.ts';

describe.each(['USD', 'EUR', 'JPY', 'BTC', ''])('the engraving for %j', (seed) => {
  const path = guillochePath(ringsOf(seed));
  const strands = path.split('Z').filter(Boolean);

  test('stays inside of its circle', () => {
    const points = path
      .replaceAll(/[MZ]/g, 'L')
      .split('L')
      .filter(Boolean)
      .map((point) => point.split(' ').map(Number));
    const radii = points.map(([x = 0, y = 0]) => Math.hypot(x, y));
    expect(Math.max(...radii)).toBeLessThanOrEqual(100);
    expect(Math.min(...radii)).toBeGreaterThan(20);
  });

  test('is drawn anew by each strand and the same every time', () => {
    expect(new Set(strands).size).toBe(strands.length);
    expect(guillochePath(ringsOf(seed))).toBe(path);
  });
});

test('currencies look different', () => {
  const paths = ['USD', 'EUR', 'GBP'].map((seed) => guillochePath(ringsOf(seed)));
  expect(new Set(paths).size).toBe(3);
});
