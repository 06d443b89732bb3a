import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startSimulator, type SimulatorProcess } from './simulator-process.ts';

interface Described {
  url: string;
  listening: boolean;
  behaviour: string;
  rates: Record<string, string>;
}

let simulator: SimulatorProcess;

beforeAll(async () => {
  simulator = await startSimulator({});
});
afterAll(async () => void (await simulator.end('SIGTERM')));
beforeEach(async () => void (await fetch(`${simulator.url}/control/reset`, { method: 'POST' })));

const described = async (): Promise<Described> =>
  (await (await fetch(`${simulator.url}/control/exchange`)).json()) as Described;

const change = (changes: unknown) =>
  fetch(`${simulator.url}/control/exchange`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(changes),
  });

async function rates() {
  const answer = await fetch(`${(await described()).url}/rates`);
  const body = (await answer.json()) as {
    base: string;
    publishedAt: string;
    rates: Record<string, string>;
  };
  return { status: answer.status, ...body };
}

describe('hunts an exchange that can’t be made to misbehave', () => {
  test('it publishes decimals for every currency, and for assets that it was told of', async () => {
    const { base, publishedAt, rates: listed } = await rates();
    expect(base).toBe('USD');
    expect(Date.now() - Date.parse(publishedAt)).toBeLessThan(5_000);
    expect(listed).toMatchObject({ USD: '1', EUR: '0.8629', JPY: '151.37', 'MILES/0': '100' });
    expect(Object.keys(listed).length).toBeGreaterThan(160);
  });

  test('rates are set and withdrawn, and made old', async () => {
    await change({ rates: { EUR: '2', JPY: null }, ageMs: 3_600_000 });
    const { publishedAt, rates: listed } = await rates();
    expect(listed).toMatchObject({ USD: '1', EUR: '2' });
    expect(listed).not.toHaveProperty('JPY');
    expect(Date.now() - Date.parse(publishedAt)).toBeGreaterThanOrEqual(3_600_000);
  });

  test('it fails, is gone, and comes back at the same address', async () => {
    const { url } = await described();
    await change({ behaviour: 'failing' });
    expect((await rates()).status).toBe(500);
    await change({ behaviour: 'down' });
    await expect(fetch(`${url}/rates`)).rejects.toThrow('fetch failed');
    await change({ behaviour: 'ok' });
    expect((await described()).url).toBe(url);
    expect((await rates()).status).toBe(200);
  });

  test.each([
    [{ rates: { EUR: '-1' } }],
    [{ rates: { EUR: 1 } }],
    [{ rates: { XXX: '1' } }],
    [{ behaviour: 'odd' }],
    [{ ageMs: -1 }],
  ])('%j is refused', async (changes) => {
    expect((await change(changes)).status).toBe(400);
  });
});
