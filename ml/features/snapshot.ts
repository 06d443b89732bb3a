import { ok, refuse, type Result } from '@florin/kernel';
import { FEATURE_HASH } from './feature-table.ts';
import { PROFILE_CELLS } from './profile-layout.ts';
import { createProfiles, takeRow, type Profiles } from './profiles.ts';

/** What stands before the numbers of a snapshot, as JSON. */
interface Header {
  featureHash: string;
  profileCells: number;
  sweptDay: number;
  links: { places: number; used: number };
  walletIds: string[];
  /** How many numbers of each wallet's recent attempts follow its row. */
  recentLengths: number[];
}

const CELL_BYTES = 8;
const LENGTH_BYTES = 8;

/**
 * All profiles as bytes: 8 bytes of header length, the header, then rows, recent attempts and links
 * as doubles. Restoring gives state that goes on bit for bit like the one it was taken of.
 */
export function takeSnapshot(state: Profiles): Uint8Array {
  const header = new TextEncoder().encode(JSON.stringify(headerOf(state)));
  const start = startOfCells(header.length);
  let cells = state.links.cells.length;
  for (const { recent } of state.wallets.values()) cells += PROFILE_CELLS + recent.length;
  const bytes = new Uint8Array(start + cells * CELL_BYTES);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, LENGTH_BYTES);
  const target = new Float64Array(bytes.buffer, start);
  let at = 0;
  for (const { row, recent } of state.wallets.values()) {
    target.set(row, at);
    target.set(recent, at + PROFILE_CELLS);
    at += PROFILE_CELLS + recent.length;
  }
  target.set(state.links.cells, at);
  return bytes;
}

function headerOf(state: Profiles): Header {
  const { places, used } = state.links;
  return {
    featureHash: FEATURE_HASH,
    profileCells: PROFILE_CELLS,
    sweptDay: state.sweptDay,
    links: { places, used },
    walletIds: [...state.wallets.keys()],
    recentLengths: [...state.wallets.values()].map(({ recent }) => recent.length),
  };
}

const startOfCells = (headerBytes: number): number =>
  Math.ceil((LENGTH_BYTES + headerBytes) / CELL_BYTES) * CELL_BYTES;

/** Refuses the snapshot of another version: such profiles must be folded again from the events. */
export function restoreSnapshot(bytes: Uint8Array): Result<Profiles, 'other-features'> {
  // A copy of its own: a view into a file's buffer may not start at a multiple of 8 bytes.
  const { buffer } = Uint8Array.from(bytes);
  const headerBytes = Number(new DataView(buffer).getBigUint64(0, true));
  const text = new TextDecoder().decode(new Uint8Array(buffer, LENGTH_BYTES, headerBytes));
  const header = JSON.parse(text) as Header;
  if (header.featureHash !== FEATURE_HASH || header.profileCells !== PROFILE_CELLS) {
    return refuse('other-features');
  }
  return ok(profilesFrom(header, new Float64Array(buffer, startOfCells(headerBytes))));
}

function profilesFrom(header: Header, cells: Float64Array): Profiles {
  const state = createProfiles();
  state.sweptDay = header.sweptDay;
  let at = 0;
  for (const [index, walletId] of header.walletIds.entries()) {
    const row = takeRow(state.slab);
    row.set(cells.subarray(at, at + PROFILE_CELLS));
    at += PROFILE_CELLS;
    const length = header.recentLengths[index] as number;
    state.wallets.set(walletId, { row, recent: [...cells.subarray(at, at + length)] });
    at += length;
  }
  state.links = { ...header.links, cells: cells.slice(at) };
  return state;
}
