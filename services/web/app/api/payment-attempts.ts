import { isPassing, ApiProblem } from './api-problem.ts';

/** One submission of a payment form, from its first request to its final answer. */
export interface Attempt {
  key: string;
  path: string;
  body: Record<string, unknown>;
  startedAt: string;
}

export interface PaymentAttemptsDeps<Answer> {
  /** Where attempts survive a reload; sessionStorage in a browser. */
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  send(attempt: Attempt): Promise<Answer>;
  newKey(): string;
  now(): Date;
  /** Resolves after this time, or sooner when the connection is back. */
  wait(ms: number): Promise<void>;
}

/** The final word has not come. Asking again under the same key is safe; paying anew is not. */
export class NoAnswerYet extends Error {
  override name = 'NoAnswerYet';
}

/** Something else was begun on this form, and how it ended is unknown. */
export class UnsettledAttempt extends Error {
  override name = 'UnsettledAttempt';
}

export type PaymentAttempts<Answer> = ReturnType<typeof createPaymentAttempts<Answer>>;

const TRIES_MAX = 5;
const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 5000;

/** Twice as long each time; as long as the server asked for when it did. */
const waitAfter = (tries: number, error: unknown): number =>
  Math.min(
    LONGEST_WAIT_MS,
    (error instanceof ApiProblem ? error.retryAfterMs : undefined) ?? FIRST_WAIT_MS * 2 ** tries,
  );

const nameOf = (form: string): string => `florin.attempt.${form}`;

/** Whoever has to sign in again has been told nothing about the payment. */
const isFinal = (error: unknown): boolean =>
  error instanceof ApiProblem && error.problem.status !== 401;

const sameOrder = (a: Attempt, path: string, body: Attempt['body']): boolean =>
  a.path === path && JSON.stringify(a.body) === JSON.stringify(body);

/**
 * Pays once, whatever happens on the way. A form's submission gets its idempotency key before the
 * first request and keeps it, through repeats and reloads, until the API has spoken its final word;
 * only then the form may begin another. Two submissions of one form at once are the same one.
 */
export function createPaymentAttempts<Answer>(deps: PaymentAttemptsDeps<Answer>) {
  const { storage, send, newKey, now, wait } = deps;
  const running = new Map<string, Promise<Answer>>();

  function pending(form: string): Attempt | undefined {
    const text = storage.getItem(nameOf(form));
    return text === null ? undefined : (JSON.parse(text) as Attempt);
  }

  async function sendUntilFinal(attempt: Attempt): Promise<Answer> {
    for (let tries = 0; ; tries++) {
      try {
        return await send(attempt);
      } catch (error) {
        if (!isPassing(error)) throw error;
        if (tries + 1 >= TRIES_MAX) throw new NoAnswerYet('no final answer', { cause: error });
        await wait(waitAfter(tries, error));
      }
    }
  }

  async function run(form: string, attempt: Attempt): Promise<Answer> {
    storage.setItem(nameOf(form), JSON.stringify(attempt));
    try {
      const answer = await sendUntilFinal(attempt);
      storage.removeItem(nameOf(form));
      return answer;
    } catch (error) {
      if (isFinal(error)) storage.removeItem(nameOf(form));
      throw error;
    }
  }

  function runOnce(form: string, attempt: Attempt): Promise<Answer> {
    const started = running.get(form);
    if (started) return started;
    const promise = run(form, attempt).finally(() => running.delete(form));
    running.set(form, promise);
    return promise;
  }

  return {
    /** What this form began and nobody has answered, also before a reload. */
    pending,
    /** @throws NoAnswerYet, UnsettledAttempt, or the API's final refusal as ApiProblem */
    async submit(form: string, path: string, body: Attempt['body']): Promise<Answer> {
      const before = pending(form);
      if (before && !sameOrder(before, path, body)) {
        throw new UnsettledAttempt('an earlier payment of this form has no answer yet');
      }
      return runOnce(form, before ?? { key: newKey(), path, body, startedAt: now().toISOString() });
    },
    /** Asks for the final answer to what is pending, under the same key. */
    async resume(form: string): Promise<Answer | undefined> {
      const before = pending(form);
      return before && runOnce(form, before);
    },
    /** Gives up asking. What was sent may have been carried out. */
    abandon: (form: string): void => storage.removeItem(nameOf(form)),
  };
}
