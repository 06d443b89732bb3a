import { hash } from 'node:crypto';

/** A step from a leaf to the root: the neighbour, and on which side of us it stands. */
export interface MerkleStep {
  side: 'left' | 'right';
  hash: Buffer;
}

/** Leaves and nodes have prefixes of their own, as in RFC 6962: neither passes for the other. */
export const leafOf = (chain: string, place: number, head: Buffer): Buffer =>
  hash(
    'sha256',
    Buffer.concat([Buffer.of(0), Buffer.from(`${chain}\n${place}\n`), head]),
    'buffer',
  );

const nodeOf = (left: Buffer, right: Buffer): Buffer =>
  hash('sha256', Buffer.concat([Buffer.of(1), left, right]), 'buffer');

/** A level above: pairs become one, the last without a neighbour goes up as it is. */
function levelAbove(level: readonly Buffer[]): Buffer[] {
  const above: Buffer[] = [];
  for (let at = 0; at < level.length; at += 2) {
    const [left, right] = [level[at] as Buffer, level[at + 1]];
    above.push(right === undefined ? left : nodeOf(left, right));
  }
  return above;
}

/** The root over leaves in their order; 32 zero bytes over none. */
export function merkleRoot(leaves: readonly Buffer[]): Buffer {
  let level = [...leaves];
  while (level.length > 1) level = levelAbove(level);
  return level[0] ?? Buffer.alloc(32);
}

/** From leaf number `index` to the root. */
export function merklePath(leaves: readonly Buffer[], index: number): MerkleStep[] {
  const path: MerkleStep[] = [];
  let level = [...leaves];
  for (let at = index; level.length > 1; at = Math.floor(at / 2)) {
    const neighbour = level[at % 2 === 0 ? at + 1 : at - 1];
    if (neighbour !== undefined)
      path.push({ side: at % 2 === 0 ? 'right' : 'left', hash: neighbour });
    level = levelAbove(level);
  }
  return path;
}

/** Where a path leads. */
export const climb = (leaf: Buffer, path: readonly MerkleStep[]): Buffer =>
  path.reduce(
    (at, step) => (step.side === 'left' ? nodeOf(step.hash, at) : nodeOf(at, step.hash)),
    leaf,
  );
