import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPerson, newPerson, type Answer, type Person } from '../journeys/person.ts';
import { machineToken } from '../faults/machine-token.ts';
import { startScratchPlatform, type ScratchPlatform } from '../platform/scratch-platform.ts';

let platform: ScratchPlatform;
let url: string;
let ana: Person;
let ben: Person;

beforeAll(async () => {
  platform = await startScratchPlatform({
    services: ['gateway', 'identity', 'ledger'],
    // As installations have them: a local run counts more generously, because all come from there.
    serviceEnv: { gateway: { RATE_LIMITS: '{}' } },
  });
  url = platform.dev().gatewayUrl;
  ana = await newPerson(url);
  ben = await newPerson(url);
});
afterAll(() => platform.stop());

async function times<T>(count: number, call: () => Promise<Answer<T>>): Promise<Answer<T>[]> {
  const answers: Answer<T>[] = [];
  for (let at = 0; at < count; at++) answers.push(await call());
  return answers;
}

const countOf = (answers: Answer[], status: number): number =>
  answers.filter((answer) => answer.status === status).length;

function expectPatience(answer: Answer | undefined, budget: string): void {
  expect(answer).toMatchObject({ status: 429, body: { code: 'rate-limited' } });
  expect(Number(answer?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(answer?.headers.get('ratelimit')).toMatch(new RegExp(`^"${budget}";r=0;t=\\d+$`));
}

describe('hunts callers who get more than their minute’s share', () => {
  test('a person has a hundred requests, and nobody else pays for it', async () => {
    const answers = await times(120, () => ana.call('GET', '/v1/me'));
    expect(countOf(answers, 200)).toBeLessThanOrEqual(100);
    expect(countOf(answers, 200)).toBeGreaterThan(90);
    expectPatience(answers.at(-1), 'user');
    expect((await ben.call('GET', '/v1/me')).status).toBe(200);
  });

  test('the machine client without limit has none', async () => {
    const token = await machineToken(url, platform.dev().oauthClient)();
    const machine = createPerson(url, token);
    const answers = await times(300, () => machine.call('GET', '/v1/wallets'));
    expect(countOf(answers, 200)).toBe(300);
    expect(answers.at(-1)?.headers.get('ratelimit')).toBeNull();
  });

  test('whoever guesses passwords from one address runs dry, account after account', async () => {
    const stranger = createPerson(url);
    let guess = 0;
    const answers = await times(15, () =>
      stranger.call('POST', '/v1/auth/login', {
        email: `victim-${guess++}@example.com`,
        password: 'letmein-letmein',
      }),
    );
    expect(countOf(answers, 401)).toBeLessThanOrEqual(10);
    expectPatience(answers.at(-1), 'anonymous');
  });

  test('what is public to read stays so for them', async () => {
    const answers = await times(30, () => createPerson(url).call('GET', '/livez'));
    expect(countOf(answers, 200)).toBe(30);
  });
});
