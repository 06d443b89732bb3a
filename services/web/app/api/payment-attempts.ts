import { FlorinProblem, isPassing } from '@florin/client';
import type { AnswerOf, FlorinClient, Input, KeyedOperation } from '@florin/client';
import type { Known } from './api-client.ts';

/** One submission of a payment form, from its first request to its final answer. */
export interface Attempt {
  key: string;
  operation: KeyedOperation;
  path?: Readonly<Record<string, unknown>> | undefined;
  body?: Readonly<Record<string, unknown>> | undefined;
  startedAt: string;
}

/** What is to be paid, to whom, out of what. */
export type Order<O extends KeyedOperation> = Pick<Input<O>, 'path' | 'body'>;

export interface PaymentAttemptsDeps {
  /** Where attempts survive a reload; sessionStorage in a browser. */
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /** Of the client: it asks again under the same key while that may help. */
  request: FlorinClient['request'];
  newKey(): string;
  now(): Date;
}

/** The final word has not come. Asking again under the same key is safe; paying anew is not. */
export class NoAnswerYet extends Error {
  override name = 'NoAnswerYet';
}

/** Something else was begun on this form, and how it ended is unknown. */
export class UnsettledAttempt extends Error {
  override name = 'UnsettledAttempt';
}

export type PaymentAttempts = ReturnType<typeof createPaymentAttempts>;

const nameOf = (form: string): string => `florin.attempt.${form}`;

/** Whoever has to sign in again has been told nothing about the payment. */
const isFinal = (error: unknown): boolean =>
  error instanceof FlorinProblem && error.status !== 401 && !isPassing(error);

const sameOrder = (a: Attempt, b: Attempt): boolean =>
  a.operation === b.operation &&
  JSON.stringify([a.path, a.body]) === JSON.stringify([b.path, b.body]);

/**
 * Pays once, whatever happens on the way. A form's submission gets its idempotency key before the
 * first request and keeps it, through repeats and reloads, until the API has spoken its final word;
 * only then the form may begin another. Two submissions of one form at once are the same one.
 */
export function createPaymentAttempts({ storage, request, newKey, now }: PaymentAttemptsDeps) {
  const running = new Map<string, Promise<unknown>>();

  function pending(form: string): Attempt | undefined {
    const text = storage.getItem(nameOf(form));
    return text === null ? undefined : (JSON.parse(text) as Attempt);
  }

  async function run(form: string, attempt: Attempt): Promise<unknown> {
    storage.setItem(nameOf(form), JSON.stringify(attempt));
    const { operation, path, body, key: idempotencyKey } = attempt;
    try {
      const answer = await request(operation, { path, body, idempotencyKey });
      storage.removeItem(nameOf(form));
      return answer;
    } catch (error) {
      if (isFinal(error)) storage.removeItem(nameOf(form));
      throw isPassing(error) ? new NoAnswerYet('no final answer', { cause: error }) : error;
    }
  }

  function runOnce(form: string, attempt: Attempt): Promise<unknown> {
    const started = running.get(form);
    if (started) return started;
    const promise = run(form, attempt).finally(() => running.delete(form));
    running.set(form, promise);
    return promise;
  }

  return {
    /** What this form began and nobody has answered, also before a reload. */
    pending,
    /** @throws NoAnswerYet, UnsettledAttempt, or the API's final refusal as FlorinProblem */
    async submit<O extends KeyedOperation>(
      form: string,
      operation: O,
      order: Order<O>,
    ): Promise<Known<AnswerOf<O>>> {
      const { path, body } = order as Pick<Attempt, 'path' | 'body'>;
      const fresh = { key: newKey(), operation, path, body, startedAt: now().toISOString() };
      const before = pending(form);
      if (before && !sameOrder(before, fresh)) {
        throw new UnsettledAttempt('an earlier payment of this form has no answer yet');
      }
      return (await runOnce(form, before ?? fresh)) as Known<AnswerOf<O>>;
    },
    /** Asks for the final answer to what is pending, under the same key. */
    async resume(form: string): Promise<unknown> {
      const before = pending(form);
      return before && runOnce(form, before);
    },
    /** Gives up asking. What was sent may have been carried out. */
    abandon: (form: string): void => storage.removeItem(nameOf(form)),
  };
}
