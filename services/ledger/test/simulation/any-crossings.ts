import type { AuditedCommand } from '@florin/testing';
import { id } from '../lane-bench.ts';
import type { SimulatedWorld } from './simulated-world.ts';

/** Apart from the ids of all other commands. */
const FIRST = 20_000;
/** Of a group of wallets these have money from the start, and some never open. */
const FUNDED = 4;
const KNOWN = 5;

/**
 * Payments across all groups of wallets, so that most go to another shard, and what makes payees
 * refuse them. Now and then somebody uses a key again, for another wallet.
 */
export function anyCrossings(
  world: SimulatedWorld,
  count: number,
  groups: number,
): AuditedCommand[] {
  const upTo = (end: number): number => Math.floor(world.between(0, end));
  const walletAmong = (many: number): string => id(1000 * upTo(groups) + 1 + upTo(many));
  return Array.from({ length: count }, (_, n): AuditedCommand => {
    if (world.chance(0.08)) {
      const status = world.pick(['frozen', 'active', 'active', 'active'] as const);
      return { do: 'set-status', wallet: walletAmong(FUNDED), status };
    }
    if (n > 0 && world.chance(0.1)) {
      const verdict = world.pick(['approve', 'approve', 'decline'] as const);
      return { do: 'review', id: id(FIRST + upTo(n)), verdict };
    }
    return {
      do: 'transfer',
      id: id(FIRST + (world.chance(0.05) ? upTo(n + 1) : n)),
      from: walletAmong(FUNDED),
      to: walletAmong(KNOWN),
      amount: BigInt(1 + upTo(20)),
      currency: world.chance(0.95) ? 'USD' : 'EUR',
      risk: world.pick([...Array<undefined>(7).fill(undefined), 'approve', 'review', 'block']),
    };
  });
}
