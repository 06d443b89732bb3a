import { faultText } from '@florin/kernel';
import type { Logger } from '@florin/runtime';

/** Who does not answer is left alone for so long: its lanes stand still, ours must not. */
const REST_MS = 5_000;
const ASKED_AT_ONCE = 1000;

/** Asks a shard which of these ids stand for payments of its own. @throws when it can't tell */
export type AskShard = (shard: number, ids: readonly string[]) => Promise<readonly string[]>;

/** Which of these ids stand for payments in other shards, as far as those can tell. */
export type FindElsewhere = (ids: readonly string[]) => Promise<ReadonlySet<string>>;

/**
 * Asks all other shards before something is decided here. Whoever is away is not waited for: what
 * it might have known is found afterwards, by `startCheckKeys`.
 */
export function createFindElsewhere(options: {
  others(): readonly number[];
  ask: AskShard;
  nowMs: () => number;
  log: Logger;
}): FindElsewhere {
  const { others, ask, nowMs, log } = options;
  const restUntilMs = new Map<number, number>();

  async function askOne(shard: number, ids: readonly string[]): Promise<readonly string[]> {
    if (nowMs() < (restUntilMs.get(shard) ?? 0)) return [];
    try {
      return await askInParts(ask, shard, ids);
    } catch (error) {
      restUntilMs.set(shard, nowMs() + REST_MS);
      log.warn({ shard, problem: faultText(error) }, 'keys are looked up there later');
      return [];
    }
  }

  return async (ids) => {
    if (ids.length === 0) return new Set();
    const known = await Promise.all(others().map((shard) => askOne(shard, ids)));
    return new Set(known.flat());
  };
}

/** All of them, however many. */
export async function askInParts(
  ask: AskShard,
  shard: number,
  ids: readonly string[],
): Promise<readonly string[]> {
  if (ids.length <= ASKED_AT_ONCE) return ask(shard, ids);
  const parts = Array.from({ length: Math.ceil(ids.length / ASKED_AT_ONCE) }, (_, part) =>
    ids.slice(part * ASKED_AT_ONCE, (part + 1) * ASKED_AT_ONCE),
  );
  return (await Promise.all(parts.map((part) => ask(shard, part)))).flat();
}
