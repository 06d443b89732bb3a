import { LINK_CELLS, type Copying, type Profile, type Profiles } from '@florin/ml/features';

export const LINKS_A_BLOCK = 64;
const BLOCK_CELLS = LINKS_A_BLOCK * LINK_CELLS;

/** Profiles and links as they were when a copy began. */
export interface AsItWas {
  profile(profile: Profile): Profile;
  /** Their cells, from the beginning of a block to the end of one. */
  links(from: number, to: number): Float64Array;
}

type Kept = AsItWas & Copying & NonNullable<Profiles['links']['copying']>;

/**
 * Keeps what changes before its turn as it was. Links are kept by the block: one that moves to
 * another table leaves the old one as it is.
 */
export function keepChanged({ cells }: Profiles['links']): Kept {
  const profiles = new Map<Profile, Profile>();
  const blocks = new Map<number, Float64Array>();
  /** Links before it have had their turn. */
  let copiedTo = 0;
  const mark = Symbol('copy');
  return {
    mark,
    keepProfile(profile) {
      if (profile.copiedBy === mark) return;
      profile.copiedBy = mark;
      const { row, attempts, declines } = profile;
      profiles.set(profile, {
        row: row.slice(),
        attempts: [...attempts],
        declines: [...declines],
        copiedBy: mark,
      });
    },
    keepLink(place) {
      const start = place - (place % BLOCK_CELLS);
      if (start < copiedTo || blocks.has(start)) return;
      blocks.set(start, cells.slice(start, start + BLOCK_CELLS));
    },
    profile(profile) {
      const was = profiles.get(profile) ?? profile;
      profiles.delete(profile);
      profile.copiedBy = mark;
      return was;
    },
    links(from, to) {
      const part = cells.slice(from, to);
      for (let start = from; start < to; start += BLOCK_CELLS) {
        const was = blocks.get(start);
        if (was) part.set(was, start - from);
        blocks.delete(start);
      }
      copiedTo = to;
      return part;
    },
  };
}
