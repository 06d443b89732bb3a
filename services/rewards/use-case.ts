import type { REWARD_REQUESTS } from '@florin/contracts';
import type { z } from 'zod';

type Requests = typeof REWARD_REQUESTS;

/** One answer to a question of the contract. */
export type UseCase<Name extends keyof Requests> = (
  request: z.output<Requests[Name]['request']>,
) => Promise<z.input<Requests[Name]['response']>>;
