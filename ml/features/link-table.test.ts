import { describe, expect, it } from 'vitest';
import { at } from './cells.ts';
import { hashId, hashLink } from './id-hash.ts';
import {
  createLinks,
  findLink,
  lastSettled,
  lastTried,
  LINK,
  openLink,
  settleLink,
  touchLink,
} from './link-table.ts';

const DAY_MS = 86_400_000;

describe('the link table', () => {
  it('hunts links that growth loses or mixes up', () => {
    const links = createLinks();
    const keys = Array.from({ length: 5000 }, (_, i) => hashId(`link ${i}`));
    for (const [i, key] of keys.entries()) {
      touchLink(links, openLink(links, key), 1000);
      settleLink(links, openLink(links, key), 1000, i);
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
      const now = day * DAY_MS;
      links.clocks.orders = links.clocks.ledger = links.clocks.labels = now;
      for (let i = 0; i < 20; i++) touchLink(links, openLink(links, hashId(`${day}/${i}`)), now);
    }
    expect(links.used).toBeLessThan(3 * 400 * 20);
  });

  it('hunts a link that growth drops although a stream that lags would still ask for it', () => {
    const links = createLinks();
    const paid = openLink(links, hashId('paid'));
    settleLink(links, paid, DAY_MS, 5);
    links.clocks.orders = links.clocks.labels = 3000 * DAY_MS;
    links.clocks.ledger = 2 * DAY_MS;
    for (let i = 0; i < 3000; i++) touchLink(links, openLink(links, hashId(`${i}`)), 3e3 * DAY_MS);
    expect(settleLink(links, openLink(links, hashId('paid')), 2 * DAY_MS, 5)).toBe(DAY_MS);
  });

  it('hunts halves of a link that are forgotten together, or never', () => {
    const links = createLinks();
    const link = openLink(links, hashId('both'));
    touchLink(links, link, DAY_MS);
    settleLink(links, link, 300 * DAY_MS, 5);
    expect(lastTried(links, link, 400 * DAY_MS)).toBe(DAY_MS);
    expect(lastTried(links, link, 402 * DAY_MS)).toBe(0);
    expect(lastSettled(links, link, 402 * DAY_MS)).toBe(300 * DAY_MS);
    expect(touchLink(links, link, 402 * DAY_MS)).toBe(0);
    expect(at(links.cells, link + LINK.firstAt)).toBe(402 * DAY_MS);
    expect(at(links.cells, link + LINK.count)).toBe(1);
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
