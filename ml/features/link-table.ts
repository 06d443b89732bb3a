import { add, at, raise } from './cells.ts';

/**
 * What is known about a key that is not a wallet: a pair (wallet → payee, wallet → device) or a
 * thing that wallets share (a device, an address). One flat array of doubles with open addressing:
 * 56 bytes a link instead of some 200 for objects in a Map.
 *
 * A link has two halves, so that it doesn't matter which of the streams is ahead: orders alone
 * write that it was tried, and what became of it (payments that were completed, frauds that were
 * reported) is written by the ledger's events or by labels, of which a link only ever gets one.
 */
export interface LinkTable {
  cells: Float64Array;
  places: number;
  used: number;
  /** How far each stream has come (ms): tells when a half can be forgotten. */
  readonly clocks: Record<Stream, number>;
  /** A copy that goes through these cells: it keeps a link as it was before it changes. */
  copying: { keepLink(place: number): void } | undefined;
}

export const STREAMS = ['orders', 'ledger', 'labels'] as const;
export type Stream = (typeof STREAMS)[number];

export const LINK = {
  key: 0,
  /** First and last time that the link was tried (ms). */
  firstAt: 1,
  lastAt: 2,
  /** How many wallets use the thing. */
  wallets: 3,
  /** Last time that it was completed, or reported (ms), how often, and how much (cents). */
  settledAt: 4,
  count: 5,
  total: 6,
} as const;
export const LINK_CELLS = 7;
const FULLEST = 0.7;
const PLACES_MIN = 1024;

const DAY_MS = 86_400_000;
/** What was not used for so long says nothing any more. */
const IDLE_MS = 400 * DAY_MS;
/** Events of one stream are never further out of order than this. */
const DISORDER_MS = DAY_MS;

export function createLinks(links = 0): LinkTable {
  const places = placesFor(links);
  return {
    cells: new Float64Array(places * LINK_CELLS),
    places,
    used: 0,
    clocks: { orders: 0, ledger: 0, labels: 0 },
    copying: undefined,
  };
}

const placesFor = (links: number): number =>
  Math.max(PLACES_MIN, 2 ** Math.ceil(Math.log2(links * 2 + 1)));

/** Where the key's link starts in `cells`, or -1. */
export function findLink(links: LinkTable, key: number): number {
  const place = placeOf(links, key);
  return at(links.cells, place) === key ? place : -1;
}

/** Where the key's link starts, to be changed: an unknown key gets an empty one. */
export function openLink(links: LinkTable, key: number): number {
  let place = placeOf(links, key);
  const isKnown = at(links.cells, place) === key;
  if (!isKnown && links.used >= links.places * FULLEST) {
    rebuild(links);
    place = placeOf(links, key);
  }
  links.copying?.keepLink(place);
  if (isKnown) return place;
  links.cells[place] = key;
  links.used += 1;
  return place;
}

function placeOf({ cells, places }: LinkTable, key: number): number {
  let place = key % places;
  for (;;) {
    const found = at(cells, place * LINK_CELLS);
    if (found === key || found === 0) return place * LINK_CELLS;
    place = place + 1 === places ? 0 : place + 1;
  }
}

/**
 * Moves what is still in use to a table with room to spare. Payments wait meanwhile: links are
 * taken as they lie, which fills the new table from its beginning to its end.
 */
function rebuild(links: LinkTable): void {
  const { cells } = links;
  const memory = memoryOf(links);
  // A copy goes on with the cells that are left behind: nobody changes them any more.
  links.copying = undefined;
  links.used = 0;
  for (let from = 0; from < cells.length; from += LINK_CELLS) {
    if (isLive(cells, from, memory)) links.used += 1;
  }
  links.places = placesFor(links.used);
  links.cells = new Float64Array(links.places * LINK_CELLS);
  for (let from = 0; from < cells.length; from += LINK_CELLS) {
    if (isLive(cells, from, memory)) {
      moveLink(cells, from, links.cells, placeOf(links, at(cells, from)), memory);
    }
  }
}

/** Halves of links that are no newer are forgotten. */
interface Memory {
  triedSince: number;
  settledSince: number;
}

const memoryOf = ({ clocks }: LinkTable): Memory => ({
  triedSince: forgottenAt(clocks.orders),
  settledSince: forgottenAt(Math.min(clocks.ledger, clocks.labels)),
});

const isLive = (cells: Float64Array, from: number, memory: Memory): boolean =>
  at(cells, from) !== 0 &&
  (at(cells, from + LINK.lastAt) > memory.triedSince ||
    at(cells, from + LINK.settledAt) > memory.settledSince);

/** Copies what of a link is not forgotten to where nothing is. */
function moveLink(
  cells: Float64Array,
  from: number,
  target: Float64Array,
  to: number,
  { triedSince, settledSince }: Memory,
): void {
  target[to] = at(cells, from);
  if (at(cells, from + LINK.lastAt) > triedSince) {
    for (let cell = 1; cell < LINK.settledAt; cell++) target[to + cell] = at(cells, from + cell);
  }
  if (at(cells, from + LINK.settledAt) > settledSince) {
    for (let cell: number = LINK.settledAt; cell < LINK_CELLS; cell++) {
      target[to + cell] = at(cells, from + cell);
    }
  }
}

/**
 * All links of which anything is still known, one after the other by key: the same for the same
 * events, whatever order the streams took turns in. Halves that were forgotten are empty.
 */
export function liveLinks(links: LinkTable): Float64Array {
  const { cells } = links;
  const memory = memoryOf(links);
  const keys = new Float64Array(links.used);
  let found = 0;
  for (let from = 0; from < cells.length; from += LINK_CELLS) {
    if (isLive(cells, from, memory)) keys[found++] = at(cells, from);
  }
  const live = new Float64Array(found * LINK_CELLS);
  for (const [position, key] of keys.subarray(0, found).toSorted().entries()) {
    moveLink(cells, findLink(links, key), live, position * LINK_CELLS, memory);
  }
  return live;
}

/** What is no newer than this matters to no event that a stream at `clock` may still bring. */
const forgottenAt = (clock: number): number => Math.max(0, clock - IDLE_MS - DISORDER_MS);

/** When the link was last tried before `now`; 0 for never, or so long ago that it is forgotten. */
export const lastTried = (links: LinkTable, link: number, now: number): number =>
  link < 0 ? 0 : remembered(at(links.cells, link + LINK.lastAt), now);

/** When money last moved along it, or it was last reported; 0 as above. */
export const lastSettled = (links: LinkTable, link: number, now: number): number =>
  link < 0 ? 0 : remembered(at(links.cells, link + LINK.settledAt), now);

const remembered = (then: number, now: number): number => (then > now - IDLE_MS ? then : 0);

/** Notes that the link was tried at `now`, and tells when it was before (0 = never). */
export function touchLink(links: LinkTable, link: number, now: number): number {
  const before = lastTried(links, link, now);
  if (before === 0) {
    links.cells[link + LINK.firstAt] = now;
    links.cells[link + LINK.wallets] = 0;
  }
  raise(links.cells, link + LINK.lastAt, now);
  return before;
}

/** Notes a completed payment, or a report, and tells when there was one before (0 = never). */
export function settleLink(links: LinkTable, link: number, now: number, cents: number): number {
  const before = lastSettled(links, link, now);
  if (before === 0) links.cells.fill(0, link + LINK.count, link + LINK_CELLS);
  raise(links.cells, link + LINK.settledAt, now);
  add(links.cells, link + LINK.count, 1);
  add(links.cells, link + LINK.total, cents);
  return before;
}
