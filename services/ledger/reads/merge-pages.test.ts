import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCursor, type Cursor } from './cursor.ts';
import { mergePages, type PlacedPage } from './merge-pages.ts';

interface Item {
  id: string;
  atUs: number;
}

const idOf = (n: number): string => `0192f0c1-7a4b-7cc3-98c4-${String(n).padStart(12, '0')}`;
const isAfter = (item: Item, { atUs, id }: Cursor): boolean =>
  item.atUs < atUs || (item.atUs === atUs && item.id < id);

/** As a shard lists: newest first, after a cursor. */
function listOf(items: readonly Item[], limit: number, after?: Cursor): PlacedPage<Item> {
  const rest = items
    .toSorted((a, b) => b.atUs - a.atUs || (a.id < b.id ? 1 : -1))
    .filter((item) => after === undefined || isAfter(item, after));
  const page = rest.slice(0, limit);
  const last = rest.length > limit ? page.at(-1) : undefined;
  return { items: page, places: page, reaches: last ?? null };
}

/** Hunts items that pages of several shards leave out, repeat or disorder. */
test('page by page everything is told once and in order, wherever it lies', () => {
  const shards = fc.array(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 15 }), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(shards, fc.integer({ min: 1, max: 7 }), (times, limit) => {
      let n = 0;
      const held = times.map((of) => of.map((atUs): Item => ({ id: idOf(n++), atUs })));
      const told: Item[] = [];
      let after: Cursor | undefined;
      for (let pages = 0; pages <= n; pages++) {
        const merged = mergePages(
          held.map((items) => listOf(items, limit, after)),
          limit,
          'newest-first',
        );
        told.push(...merged.items);
        if (merged.nextCursor === null) break;
        const read = readCursor(merged.nextCursor);
        after = read.ok ? read.value : undefined;
      }
      expect(told).toEqual(listOf(held.flat(), n + 1).items);
    }),
  );
});

/** Hunts a payment that is shown twice because two shards have a part of it. */
test('what two shards tell is told once, by whoever knows more', () => {
  const page = (more: object): PlacedPage<Item & { more?: boolean }> => {
    const item = { id: idOf(1), atUs: 5, ...more };
    return { items: [item], places: [item], reaches: null };
  };
  const merged = mergePages([page({}), page({ more: true })], 5, 'newest-first', (one, other) =>
    'more' in one ? one : other,
  );
  expect(merged.items).toEqual([{ id: idOf(1), atUs: 5, more: true }]);
  expect(merged.nextCursor).toBeNull();
});
