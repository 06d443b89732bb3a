import { request, type Bus } from '@florin/messaging';
import type { AskShard } from '../lane/keys-elsewhere.ts';
import { contractOfShard } from './shard-contracts.ts';

/** Payments wait for it: whoever takes so long is away. */
const ANSWER_MS = 300;

/** Asks the ledgers of another shard about keys. */
export const askForKeys =
  (bus: Bus): AskShard =>
  async (shard, ids) => {
    const question = { ids: [...ids] };
    const options = { timeoutMs: ANSWER_MS };
    return (await request(bus, contractOfShard('findKeys', shard), question, options)).ids;
  };
