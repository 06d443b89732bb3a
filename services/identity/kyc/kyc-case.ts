import type { KYC_REQUESTS } from '@florin/contracts';
import type { z } from 'zod';

type Requests = typeof KYC_REQUESTS;
export type KycRequestName = keyof Requests;

/** One request about documents, answered. */
export type KycCase<Name extends KycRequestName> = (
  request: z.output<Requests[Name]['request']>,
) => Promise<z.output<Requests[Name]['response']>>;
