import { describe, expect, it } from 'vitest';
import { at } from './cells.ts';
import { hashId, hashLink } from './id-hash.ts';
import { createLinks, findLink, LINK, openLink, settleLink, touchLink } from './link-table.ts';

const DAY_MS = 86_400_000;

describe('the link table', () => {
  it('hunts links that growth loses or mixes up', () => {
    const links = createLinks();
    const keys = Array.from({ length: 5000 }, (_, i) => hashId(`link ${i}`));
    for (const [i, key] of keys.entries()) {
      touchLink(links, openLink(links, key, 1000), 1000);
      settleLink(links, openLink(links, key, 1000), 1000, i);
    }
    for (const [i, key] of keys.entries()) {
      expect(at(links.cells, findLink(links, key) + LINK.total)).toBe(i);
    }
    expect(findLink(links, hashId('never opened'))).toBe(-1);
    expect(links.used).toBe(5000);
  });

  it('hunts memory that grows without end although old links are never used again', () => {
    const links = createLinks();
    for (let day = 1; day < 3000; day++) {
      for (let i = 0; i < 20; i++) {
        const now = day * DAY_MS;
        touchLink(links, openLink(links, hashId(`${day}/${i}`), now), now);
      }
    }
    expect(links.used).toBeLessThan(3 * 400 * 20);
  });
});

describe('hashed ids', () => {
  it('hunts collisions, lost direction and keys that a double cannot hold', () => {
    const ids = Array.from({ length: 300 }, (_, i) => hashId(`wallet-${i}`));
    const links = new Set(ids.flatMap((from) => ids.map((to) => hashLink(from, to))));
    expect(links.size).toBe(300 * 300);
    expect([...links].every((key) => Number.isSafeInteger(key) && key > 0)).toBe(true);
  });
});
