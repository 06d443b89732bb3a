import type { RequestContract } from '@florin/messaging';
import type { z } from 'zod';

/** What answers the question of that name. */
export type UseCase<
  Contracts extends Record<string, RequestContract>,
  Name extends keyof Contracts,
> = (
  request: z.output<Contracts[Name]['request']>,
) => Promise<z.input<Contracts[Name]['response']>>;
