import { expect, test } from 'vitest';
import { withEarlyAnswers } from './early-answers.ts';

const NOW_MS = 1_000_000;

type Answer = () => Promise<Response | undefined>;

const early =
  (answer: Answer, askedAtMs = NOW_MS) =>
  () => ({
    answers: new Map([['GET /v1/me', answer()]]),
    askedAtMs,
  });
const none = () => undefined;

async function ask(given: ReturnType<typeof early> | typeof none, times = 1): Promise<string[]> {
  const fetch = async () => new Response('asked now');
  const call = withEarlyAnswers(fetch, given(), () => NOW_MS);
  const texts: string[] = [];
  for (let time = 0; time < times; time++) {
    texts.push(await (await call('/v1/me', { method: 'GET' })).text());
  }
  return texts;
}

const answered = () => Promise.resolve(new Response('asked early'));

test('an early answer is used once, never for two calls', async () => {
  expect(await ask(early(answered), 2)).toEqual(['asked early', 'asked now']);
});

test.each([
  ['is of long ago', early(answered, NOW_MS - 60_000)],
  ['failed', early(() => Promise.reject(new Error('offline')))],
  ['was never asked for', early(async () => undefined)],
  ['was for another call', () => ({ answers: new Map(), askedAtMs: NOW_MS })],
  ['there is none', none],
])('an early answer that %s is asked for again', async (_why, given) => {
  expect(await ask(given)).toEqual(['asked now']);
});
