import type { LEDGER_REQUESTS } from '@florin/contracts';
import type { z } from 'zod';

type Requests = typeof LEDGER_REQUESTS;
export type RequestOf<Name extends keyof Requests> = z.infer<Requests[Name]['request']>;
export type ResponseOf<Name extends keyof Requests> = z.infer<Requests[Name]['response']>;
