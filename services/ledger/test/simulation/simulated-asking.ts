import { RetryableError } from '@florin/kernel';
import type { AskShard } from '../../lane/keys-elsewhere.ts';
import { findKeys } from '../../sql/keys.ts';
import type { BusWeather } from './simulated-bus.ts';
import type { SimulatedShards } from './simulated-shards.ts';
import type { SimulatedWorld } from './simulated-world.ts';

/** After so long whoever asks goes on without an answer. */
const ANSWER_MS = 300;

/** Questions of one shard to another, as they get lost. */
export function createSimulatedAsking(
  world: SimulatedWorld,
  { all }: SimulatedShards,
  weather: BusWeather,
): AskShard {
  const way = (): Promise<void> => world.wait(world.between(0, weather.wayMsMax));

  return async (shard, ids) => {
    await way();
    const asked = all[shard];
    const isLost = world.chance(weather.droppedShare + weather.unheardShare);
    if (asked === undefined || isLost || world.nowMs() < asked.weather.downUntilMs) {
      await world.wait(ANSWER_MS);
      throw new RetryableError('no answer');
    }
    const session = asked.server.open(() => {});
    const { rows } = await session.execute({ ...findKeys, values: [ids] });
    await way();
    return rows.map(({ id }) => String(id));
  };
}
