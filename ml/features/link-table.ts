import { add, at } from './cells.ts';

/**
 * What is known about a key that is not a wallet: a pair (wallet → payee, wallet → device) or a
 * thing that wallets share (a device, an address). One flat array of doubles with open addressing:
 * 56 bytes a link instead of some 200 for objects in a Map, and a snapshot is a plain copy.
 */
export interface LinkTable {
  cells: Float64Array;
  places: number;
  used: number;
}

export const LINK = {
  key: 0,
  /** First and last time that the link was tried (ms). */
  firstAt: 1,
  lastAt: 2,
  /** Last time that it was completed (ms), how often, and how much (reference cents). */
  settledAt: 3,
  count: 4,
  total: 5,
  /** Fraud reports that name it. */
  reports: 6,
} as const;
const STRIDE = 7;
const FULLEST = 0.7;
const PLACES_MIN = 1024;

/** A link that was not used for so long says nothing any more: growth drops it first. */
const IDLE_MS = 400 * 86_400_000;

export function createLinks(places: number = PLACES_MIN): LinkTable {
  return { cells: new Float64Array(places * STRIDE), places, used: 0 };
}

/** Where the key's link starts in `cells`, or -1. */
export function findLink(links: LinkTable, key: number): number {
  const place = placeOf(links, key);
  return at(links.cells, place) === key ? place : -1;
}

/** As findLink, but an unknown key gets an empty link, first tried at `now`. */
export function openLink(links: LinkTable, key: number, now: number): number {
  let place = placeOf(links, key);
  if (at(links.cells, place) === key) return place;
  if (links.used >= links.places * FULLEST) {
    rebuild(links, now - IDLE_MS);
    place = placeOf(links, key);
  }
  links.cells[place] = key;
  links.cells[place + LINK.firstAt] = now;
  links.used += 1;
  return place;
}

function placeOf({ cells, places }: LinkTable, key: number): number {
  let place = key % places;
  for (;;) {
    const found = at(cells, place * STRIDE);
    if (found === key || found === 0) return place * STRIDE;
    place = place + 1 === places ? 0 : place + 1;
  }
}

/** Moves what is still in use to a table with room to spare. Depends on event time alone. */
function rebuild(links: LinkTable, idleSince: number): void {
  const { cells } = links;
  const keep: number[] = [];
  for (let from = 0; from < cells.length; from += STRIDE) {
    if (at(cells, from) !== 0 && at(cells, from + LINK.lastAt) > idleSince) keep.push(from);
  }
  links.places = Math.max(PLACES_MIN, 2 ** Math.ceil(Math.log2(keep.length * 2 + 1)));
  links.cells = new Float64Array(links.places * STRIDE);
  links.used = keep.length;
  for (const from of keep) {
    links.cells.set(cells.subarray(from, from + STRIDE), placeOf(links, at(cells, from)));
  }
}

/** Notes one more use at `now`, and tells when the one before it was (0 = never). */
export function touchLink(links: LinkTable, link: number, now: number): number {
  const before = at(links.cells, link + LINK.lastAt);
  links.cells[link + LINK.lastAt] = Math.max(before, now);
  return before;
}

/** Notes that money moved along the link, and tells when it did before (0 = never). */
export function settleLink(links: LinkTable, link: number, now: number, cents: number): number {
  const before = at(links.cells, link + LINK.settledAt);
  links.cells[link + LINK.settledAt] = Math.max(before, now);
  add(links.cells, link + LINK.count, 1);
  add(links.cells, link + LINK.total, cents);
  return before;
}
