import { assert, ok, refuse, type Result } from '@florin/kernel';
import { createProfiles, FEATURE_HASH, type Profiles } from '@florin/ml/features';

/** Raised by every change to the bytes below. */
const FORMAT = 1;
const CELL_BYTES = 8;

/** What stands before the numbers, as JSON. */
interface Header {
  format: number;
  featureHash: string;
  rowCells: number;
  sweptDays: Profiles['sweptDays'];
  clocks: Profiles['links']['clocks'];
  links: { places: number; used: number };
  owners: number;
  walletIds: string[];
  attempts: number[];
  declines: number[];
}

type Profile = Profiles['wallets'] extends Map<string, infer P> ? P : never;

/**
 * All profiles as bytes, as they lie in memory: payments wait meanwhile, and putting a million
 * links in order first takes four times as long. Two processes that know the same get different
 * bytes; what is restored goes on the same, bit for bit.
 */
export function copyProfiles(state: Profiles): Uint8Array {
  const profiles = [...state.wallets.values()];
  const rowCells = profiles[0]?.row.length ?? 0;
  const header: Header = {
    format: FORMAT,
    featureHash: FEATURE_HASH,
    rowCells,
    sweptDays: state.sweptDays,
    clocks: state.links.clocks,
    links: { places: state.links.places, used: state.links.used },
    owners: state.owners.size,
    walletIds: [...state.wallets.keys()],
    attempts: profiles.map(({ attempts }) => attempts.length),
    declines: profiles.map(({ declines }) => declines.length),
  };
  const recent = profiles.reduce((sum, one) => sum + one.attempts.length + one.declines.length, 0);
  const cells = profiles.length * rowCells + recent + header.owners * 3 + state.links.cells.length;
  const { bytes, target } = allocate(header, cells);
  const end = writeProfiles(target, profiles, rowCells);
  const linksAt = writeOwners(target, end, state);
  target.set(state.links.cells, linksAt);
  assert(linksAt + state.links.cells.length === cells, 'a copy of profiles has another size');
  return bytes;
}

function allocate(header: Header, cells: number): { bytes: Uint8Array; target: Float64Array } {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const start = startOfCells(text.length);
  const bytes = new Uint8Array(start + cells * CELL_BYTES);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, CELL_BYTES);
  return { bytes, target: new Float64Array(bytes.buffer, start) };
}

const startOfCells = (textBytes: number): number =>
  Math.ceil((CELL_BYTES + textBytes) / CELL_BYTES) * CELL_BYTES;

function writeProfiles(
  target: Float64Array,
  profiles: readonly Profile[],
  rowCells: number,
): number {
  let at = 0;
  for (const { row } of profiles) {
    target.set(row, at);
    at += rowCells;
  }
  for (const { attempts, declines } of profiles) {
    for (const cell of attempts) target[at++] = cell;
    for (const cell of declines) target[at++] = cell;
  }
  return at;
}

function writeOwners(target: Float64Array, start: number, { owners }: Profiles): number {
  let at = start;
  for (const [hash, { kycLevel, credentialsAt }] of owners) {
    target[at++] = hash;
    target[at++] = kycLevel;
    target[at++] = credentialsAt;
  }
  return at;
}

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
    const attempts = [...take(header.attempts[index] ?? 0)];
    const declines = [...take(header.declines[index] ?? 0)];
    state.wallets.set(walletId, { row, attempts, declines });
  }
  for (let owner = 0; owner < header.owners; owner++) {
    const [hash = 0, kycLevel = 0, credentialsAt = 0] = take(3);
    state.owners.set(hash, { kycLevel, credentialsAt });
  }
  // Links grow into an array of their own: this one would keep all the bytes alive.
  return { ...state, sweptDays, links: { ...links, clocks, cells: cells.slice(at) } };
}
