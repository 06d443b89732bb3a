import type { Fetch } from '@florin/client';

/** What `public/ask-early.js` asked for before this app had come. */
interface EarlyAnswers {
  answers: Map<string, Promise<Response | undefined>>;
  askedAtMs: number;
}

/** After this they tell of a time that is over. */
const USEFUL_MS = 15_000;

/**
 * Calls that use what was asked early, and don't ask again. Each answer serves one call; one
 * that failed, or that is old, serves none.
 */
export function withEarlyAnswers(
  fetch: Fetch,
  early: EarlyAnswers | undefined,
  nowMs: () => number,
): Fetch {
  return async (path, init) => {
    const name = `${init.method} ${path}`;
    const answer = early?.answers.get(name);
    if (early === undefined || answer === undefined) return fetch(path, init);
    early.answers.delete(name);
    if (nowMs() - early.askedAtMs > USEFUL_MS) return fetch(path, init);
    const got = await answer.catch(() => undefined);
    return got ?? fetch(path, init);
  };
}

/** Takes them out of every other script's sight. */
export function takeEarlyAnswers(): EarlyAnswers | undefined {
  const place = globalThis as { florinEarly?: EarlyAnswers };
  const early = place.florinEarly;
  delete place.florinEarly;
  return early;
}
