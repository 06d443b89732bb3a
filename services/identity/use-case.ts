import type { IDENTITY_REQUESTS } from '@florin/contracts';
import type { z } from 'zod';

type Requests = typeof IDENTITY_REQUESTS;
export type RequestName = keyof Requests;
export type AnswerTo<Name extends RequestName> = z.output<Requests[Name]['response']>;

/** One request of the contract, answered. A refusal is part of the answer; faults are thrown. */
export type UseCase<Name extends RequestName> = (
  request: z.output<Requests[Name]['request']>,
) => Promise<AnswerTo<Name>>;
