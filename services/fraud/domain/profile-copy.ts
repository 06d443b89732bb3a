import { assert, ok, present, refuse, type Result } from '@florin/kernel';
import {
  addProfile,
  createProfiles,
  FEATURE_HASH,
  LINK_CELLS,
  type Profile,
  type Profiles,
} from '@florin/ml/features';
import { keepChanged, LINKS_A_BLOCK, type AsItWas } from './keep-changed.ts';

/** Raised by every change to the bytes below. */
const FORMAT = 1;
const CELL_BYTES = 8;
const OWNER_CELLS = 3;
const ROWS_A_PART = 1_024;
const LINKS_A_PART = 512 * LINKS_A_BLOCK;

/** What stands before the numbers, as JSON. */
type Header = Facts & Lists;

interface Facts {
  format: number;
  featureHash: string;
  rowCells: number;
  sweptDays: Profiles['sweptDays'];
  clocks: Profiles['links']['clocks'];
  links: { places: number; used: number };
  owners: number;
}

/** Of each profile its wallet, and how many numbers its recent attempts and declines are. */
interface Lists {
  walletIds: string[];
  attempts: number[];
  declines: number[];
}

const LISTS = ['walletIds', 'attempts', 'declines'] as const;

/** A copy that is taken step by step. Whoever began it ends it. */
export interface ProfileCopy extends Disposable {
  /** All but the beginning, in order. A part is copied when it is asked for: some 2 MB. */
  parts(): Generator<Uint8Array>;
  /** What stands before them: known when all parts were taken. */
  head(): Uint8Array;
}

/**
 * Begins a copy of all profiles as they are now. Events may change them while it is taken: between
 * two parts as many as come. Only one such copy can be under way.
 */
export function beginCopy(state: Profiles): ProfileCopy {
  assert(state.copying === undefined, 'one copy after the other');
  const kept = keepChanged(state.links);
  state.copying = state.links.copying = kept;
  return {
    ...copyOf(state, kept),
    [Symbol.dispose]() {
      state.copying = state.links.copying = undefined;
    },
  };
}

/** All profiles at once: nothing else happens meanwhile. */
export function copyProfiles(state: Profiles): Uint8Array {
  const { cells } = state.links;
  const { parts, head } = copyOf(state, {
    profile: (profile) => profile,
    links: (from, to) => cells.slice(from, to),
  });
  const taken = [...parts()];
  return Buffer.concat([head(), ...taken]);
}

/**
 * The bytes are as they lie in memory: putting a million links in order first takes four times as
 * long. Two processes that know the same get different bytes; what is restored goes on the same,
 * bit for bit.
 */
function copyOf(state: Profiles, asItWas: AsItWas): Pick<ProfileCopy, 'parts' | 'head'> {
  const { wallets, links } = state;
  const count = wallets.size;
  const rowCells = wallets.values().next().value?.row.length ?? 0;
  const linkCells = links.cells.length;
  const owners = ownerCells(state);
  const facts: Facts = {
    format: FORMAT,
    featureHash: FEATURE_HASH,
    rowCells,
    sweptDays: { ...state.sweptDays },
    clocks: { ...links.clocks },
    links: { places: links.places, used: links.used },
    owners: state.owners.size,
  };
  const lists: Record<keyof Lists, string[]> = { walletIds: [], attempts: [], declines: [] };

  function* parts(): Generator<Uint8Array> {
    const recent: Float64Array[] = [];
    // None is deleted while a copy is under way, and new ones come after those that were there.
    const profiles = wallets.entries();
    for (let left = count; left > 0; left -= ROWS_A_PART) {
      const rows = new Float64Array(Math.min(left, ROWS_A_PART) * rowCells);
      recent.push(copyRows(rows, profiles));
      yield bytesOf(rows);
    }
    yield* recent.map(bytesOf);
    yield bytesOf(owners);
    for (let from = 0; from < linkCells; from += LINKS_A_PART * LINK_CELLS) {
      yield bytesOf(asItWas.links(from, Math.min(from + LINKS_A_PART * LINK_CELLS, linkCells)));
    }
  }

  /** Fills `rows` with the next ones, and answers the recent attempts and declines of these. */
  function copyRows(
    rows: Float64Array,
    profiles: Iterator<[string, Profile], undefined>,
  ): Float64Array {
    const recent: number[] = [];
    const told: Lists = { walletIds: [], attempts: [], declines: [] };
    for (let at = 0; at < rows.length; at += rowCells) {
      const [walletId, profile] = present(profiles.next().value, 'a profile that was there');
      const { row, attempts, declines } = asItWas.profile(profile);
      rows.set(row, at);
      told.walletIds.push(walletId);
      told.attempts.push(attempts.length);
      told.declines.push(declines.length);
      for (const cell of attempts) recent.push(cell);
      for (const cell of declines) recent.push(cell);
    }
    for (const name of LISTS) lists[name].push(JSON.stringify(told[name]).slice(1, -1));
    return Float64Array.from(recent);
  }

  return { parts, head: () => headOf(facts, lists) };
}

function ownerCells({ owners }: Profiles): Float64Array {
  const cells = new Float64Array(owners.size * OWNER_CELLS);
  let at = 0;
  for (const [hash, { kycLevel, credentialsAt }] of owners) {
    cells.set([hash, kycLevel, credentialsAt], at);
    at += OWNER_CELLS;
  }
  return cells;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** The lists come in pieces of JSON: to make them all at once takes a moment. */
function headOf(facts: Facts, lists: Record<keyof Lists, string[]>): Uint8Array {
  const whole = LISTS.map((name) => `,"${name}":[${lists[name].join(',')}]`);
  const json = `${JSON.stringify(facts).slice(0, -1)}${whole.join('')}}`;
  const text = new TextEncoder().encode(json);
  const bytes = new Uint8Array(startOfCells(text.length));
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, CELL_BYTES);
  return bytes;
}

const startOfCells = (textBytes: number): number =>
  Math.ceil((CELL_BYTES + textBytes) / CELL_BYTES) * CELL_BYTES;

/** Refuses the copy of another version: such profiles must be folded again from the streams. */
export function restoreProfiles(bytes: Uint8Array): Result<Profiles, 'other-features'> {
  // Rows stay where they are: a buffer of their own, which starts at a multiple of eight.
  const { buffer } = bytes.byteOffset === 0 ? bytes : Uint8Array.from(bytes);
  const textBytes = Number(new DataView(buffer).getBigUint64(0, true));
  const text = new TextDecoder().decode(new Uint8Array(buffer, CELL_BYTES, textBytes));
  const header = JSON.parse(text) as Header;
  if (header.format !== FORMAT || header.featureHash !== FEATURE_HASH) {
    return refuse('other-features');
  }
  const length = (bytes.length - startOfCells(textBytes)) / CELL_BYTES;
  return ok(profilesFrom(header, new Float64Array(buffer, startOfCells(textBytes), length)));
}

function profilesFrom(header: Header, cells: Float64Array): Profiles {
  const { rowCells, walletIds, sweptDays, clocks, links } = header;
  let at = walletIds.length * rowCells;
  const take = (count: number): Float64Array => {
    at += count;
    return cells.subarray(at - count, at);
  };
  const state = createProfiles();
  for (const [index, walletId] of walletIds.entries()) {
    const row = cells.subarray(index * rowCells, (index + 1) * rowCells);
    const profile = addProfile(state, walletId, row);
    profile.attempts = [...take(header.attempts[index] ?? 0)];
    profile.declines = [...take(header.declines[index] ?? 0)];
  }
  for (let owner = 0; owner < header.owners; owner++) {
    const [hash = 0, kycLevel = 0, credentialsAt = 0] = take(OWNER_CELLS);
    state.owners.set(hash, { kycLevel, credentialsAt });
  }
  // Links grow into an array of their own: this one would keep all the bytes alive.
  const table = { ...links, clocks, cells: cells.slice(at), copying: undefined };
  return { ...state, sweptDays, links: table };
}
