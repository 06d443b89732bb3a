import { writeCursor, type Cursor } from './cursor.ts';

export interface PlacedPage<Item> {
  items: readonly Item[];
  /** Where each item stands in the list. */
  places: readonly Cursor[];
  /** How far this page reaches; null where it reaches to the end. */
  reaches: Cursor | null;
}

type Order = 'newest-first' | 'oldest-first';

/**
 * One page of pages that several shards gave after the same cursor. It ends where the first of them
 * ends: behind that, what it has not told yet would be missing. What two shards tell is told once,
 * and `better` says which of them.
 */
export function mergePages<Item extends { id: string }>(
  pages: readonly PlacedPage<Item>[],
  limit: number,
  order: Order,
  better: (one: Item, other: Item) => Item = (one) => one,
): { items: Item[]; nextCursor: string | null } {
  const compare = (a: Cursor, b: Cursor): number => {
    const newer = a.atUs - b.atUs || (a.id < b.id ? -1 : Number(a.id > b.id));
    return order === 'newest-first' ? -newer : newer;
  };
  const ends = pages.flatMap(({ reaches }) => (reaches === null ? [] : [reaches]));
  const end = ends.toSorted(compare)[0];
  const told = pages
    .flatMap(({ items, places }) =>
      items.map((item, at) => ({ item, place: places[at] as Cursor })),
    )
    .filter(({ place }) => end === undefined || compare(place, end) <= 0)
    .toSorted((a, b) => compare(a.place, b.place));
  const unique = new Map<string, { item: Item; place: Cursor }>();
  for (const one of told) {
    const known = unique.get(one.item.id);
    unique.set(one.item.id, known ? { ...known, item: better(known.item, one.item) } : one);
  }
  const all = [...unique.values()];
  const page = all.slice(0, limit);
  const last = all.length > limit ? page.at(-1)?.place : end;
  return {
    items: page.map(({ item }) => item),
    nextCursor: last === undefined ? null : writeCursor(last),
  };
}
