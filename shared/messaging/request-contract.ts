import type { Msg } from '@nats-io/transport-node';
import { z } from 'zod';

/** A question that one service answers to others: both sides validate both schemas. */
export interface RequestContract<
  Request extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> {
  subject: string;
  request: Request;
  response: Response;
}

/**
 * Why there is no answer. A refusal of the domain is no fault: it is part of the response.
 * `unavailable` may work later, `archived` when the archive is there; the others won't.
 */
export const requestFault = z.object({
  code: z.enum(['malformed-request', 'unavailable', 'archived', 'internal']),
  /** For logs. Never the text of an unknown error. */
  detail: z.string(),
});
export type RequestFault = z.infer<typeof requestFault>;

/** What travels back: the response, to be read by its own schema, or why there is none. */
export const requestAnswer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: requestFault }),
]);
export type RequestAnswer = z.infer<typeof requestAnswer>;

/** The content of a message; undefined, which no schema takes, where it is not even JSON. */
export function contentOf(message: Msg): unknown {
  try {
    return message.json();
  } catch {
    return undefined;
  }
}
