import type { AuditedCommand } from '@florin/testing';
import { id } from '../lane-bench.ts';
import type { SimulatedWorld } from './simulated-world.ts';

/** Apart from the ids of all other commands. */
const FIRST = 20_000;
/** Of a group of wallets these have money from the start, and some never open. */
const FUNDED = 4;
const KNOWN = 5;

const RISKS = ['approve', 'review', 'block'] as const;
const KINDS = ['pay', 'pay', 'hold', 'convert', 'reverse', 'reverse'] as const;
/** Of each group one wallet is in euros. */
const IN_EUROS = 7;

/**
 * Payments across all groups of wallets, so that most go to another shard, and what makes payees
 * refuse them. Now and then somebody uses a key again, for another wallet.
 * @param isAnything also holds, conversions, and reversals of what was paid
 */
export function anyCrossings(
  world: SimulatedWorld,
  count: number,
  groups: number,
  isAnything: boolean,
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
    const order = {
      id: id(FIRST + (world.chance(0.05) ? upTo(n + 1) : n)),
      from: walletAmong(FUNDED),
      to: walletAmong(KNOWN),
      amount: BigInt(1 + upTo(20)),
      currency: world.chance(0.95) ? 'USD' : 'EUR',
      risk: world.chance(0.7) ? undefined : world.pick(RISKS),
    } as const;
    const kind = isAnything ? world.pick(KINDS) : 'pay';
    if (kind === 'hold') return { do: 'hold', ...order, expiresIn: 1 + upTo(30) };
    if (kind === 'reverse') {
      const part = world.chance(0.5) ? ('all' as const) : BigInt(1 + upTo(10));
      return { do: 'reverse', id: order.id, of: id(FIRST + upTo(n + 1)), part };
    }
    if (kind === 'pay') return { do: 'transfer', ...order };
    return {
      do: 'convert',
      ...order,
      currency: 'USD',
      to: id(1000 * upTo(groups) + IN_EUROS),
      quote: id(FIRST + 1000 + (world.chance(0.1) ? upTo(n + 1) : n)),
      toCurrency: 'EUR',
      toAmount: BigInt(1 + upTo(20)),
      expired: world.chance(0.05),
    };
  });
}
