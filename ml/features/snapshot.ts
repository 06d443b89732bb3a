import { ok, present, refuse, type Result } from '@florin/kernel';
import { FEATURE_HASH } from './feature-table.ts';
import { createLinks, liveLinks, LINK_CELLS, openLink, STREAMS } from './link-table.ts';
import { PROFILE_CELLS } from './profile-layout.ts';
import { addProfile, createProfiles, takeRow, type Profile, type Profiles } from './profiles.ts';

/** Raised by every change to the bytes below. */
const FORMAT = 2;

/** What stands before the numbers of a snapshot, as JSON. */
interface Header {
  format: number;
  featureHash: string;
  profileCells: number;
  sweptDays: Profiles['sweptDays'];
  clocks: number[];
  links: number;
  owners: number;
  walletIds: string[];
  /** How many numbers of each wallet's recent attempts and declines follow its row. */
  attempts: number[];
  declines: number[];
}

const CELL_BYTES = 8;
const LENGTH_BYTES = 8;
const OWNER_CELLS = 3;

/**
 * All profiles as bytes: 8 bytes of header length, the header, then wallets, owners and links as
 * doubles, each sorted by what they are known by. Restoring gives state that goes on like the one
 * it was taken of, bit for bit, and the same events give the same bytes.
 */
export function takeSnapshot(state: Profiles): Uint8Array {
  const links = liveLinks(state.links);
  const walletIds = [...state.wallets.keys()].toSorted();
  const profiles = walletIds.map((walletId) => profileOf(state, walletId));
  const header: Header = {
    format: FORMAT,
    featureHash: FEATURE_HASH,
    profileCells: PROFILE_CELLS,
    sweptDays: state.sweptDays,
    clocks: STREAMS.map((stream) => state.links.clocks[stream]),
    links: links.length / LINK_CELLS,
    owners: state.owners.size,
    walletIds,
    attempts: profiles.map(({ attempts }) => attempts.length),
    declines: profiles.map(({ declines }) => declines.length),
  };
  const parts = [
    ...profiles.flatMap(({ row, attempts, declines }) => [row, attempts, declines]),
    ownerCells(state),
    links,
  ];
  return bytesOf(header, parts);
}

const profileOf = ({ wallets }: Profiles, walletId: string): Profile =>
  present(wallets.get(walletId), 'the profile of a known wallet');

const ownerCells = ({ owners }: Profiles): number[] =>
  [...owners]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([hash, { kycLevel, credentialsAt }]) => [hash, kycLevel, credentialsAt]);

function bytesOf(header: Header, parts: readonly ArrayLike<number>[]): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const start = startOfCells(text.length);
  const cells = parts.reduce((sum, { length }) => sum + length, 0);
  const bytes = new Uint8Array(start + cells * CELL_BYTES);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, LENGTH_BYTES);
  const target = new Float64Array(bytes.buffer, start);
  let at = 0;
  for (const part of parts) {
    target.set(part, at);
    at += part.length;
  }
  return bytes;
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
  const { format, featureHash, profileCells } = header;
  if (format !== FORMAT || featureHash !== FEATURE_HASH || profileCells !== PROFILE_CELLS) {
    return refuse('other-features');
  }
  return ok(profilesFrom(header, new Float64Array(buffer, startOfCells(headerBytes))));
}

function profilesFrom(header: Header, cells: Float64Array): Profiles {
  const state: Profiles = { ...createProfiles(), links: createLinks(header.links) };
  Object.assign(state.sweptDays, header.sweptDays);
  let at = 0;
  const take = (length: number): Float64Array => {
    at += length;
    return cells.subarray(at - length, at);
  };
  for (const [index, walletId] of header.walletIds.entries()) {
    const row = takeRow(state.slab);
    row.set(take(PROFILE_CELLS));
    const profile = addProfile(state, walletId, row);
    profile.attempts = [...take(header.attempts[index] as number)];
    profile.declines = [...take(header.declines[index] as number)];
  }
  for (let owner = 0; owner < header.owners; owner++) {
    const [hash, kycLevel, credentialsAt] = take(OWNER_CELLS) as unknown as [
      number,
      number,
      number,
    ];
    state.owners.set(hash, { kycLevel, credentialsAt });
  }
  for (const [index, stream] of STREAMS.entries()) {
    state.links.clocks[stream] = header.clocks[index] as number;
  }
  for (let link = 0; link < header.links; link++) {
    const own = take(LINK_CELLS);
    state.links.cells.set(own, openLink(state.links, own[0] as number));
  }
  return state;
}
