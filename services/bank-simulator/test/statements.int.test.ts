import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSimulator, type SimulatorProcess } from './simulator-process.ts';

/** Hunts statements that say anything else than what the bank has booked and was told to say. */

let simulator: SimulatorProcess;
let bankUrl: string;

beforeAll(async () => {
  simulator = await startSimulator({});
  const { banks } = (await (await fetch(`${simulator.url}/control/banks`)).json()) as {
    banks: { name: string; url: string }[];
  };
  bankUrl = banks.find(({ name }) => name === 'ok')?.url ?? '';
});
afterAll(() => simulator.end('SIGTERM'));

const post = (url: string, body: object) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const today = () => new Date().toISOString().slice(0, 10);
const statement = async (query: string) => {
  const answer = await fetch(`${bankUrl}/statements/document?${query}`);
  return { status: answer.status, text: await answer.text() };
};

test('booked, exported as CSV and camt, with a planted mistake and without', async () => {
  const order = { kind: 'charge', amount: '2500', currency: 'USD', account: 'acc' };
  await post(`${bankUrl}/payments`, { ...order, idempotencyKey: 'k-1' });
  await post(`${bankUrl}/payments`, { ...order, idempotencyKey: 'k-2', kind: 'payout' });
  const days = (await (await fetch(`${bankUrl}/statements`)).json()) as { days: unknown[] };
  expect(days.days.at(-1)).toEqual({ day: today(), complete: false });

  const csv = await statement(`day=${today()}&format=csv`);
  expect(csv.text).toMatch(/entry,ok,USD,[0-9a-f-]{36},k-1,credit,25\.00,/);
  expect(csv.text).toMatch(/entry,ok,USD,[0-9a-f-]{36},k-2,debit,25\.00,/);
  const camt = await statement(`day=${today()}`);
  expect(camt.text).toContain('<EndToEndId>k-1</EndToEndId>');
  expect(camt.text).toContain('<Cd>ITBD</Cd>');

  const slips = `${simulator.url}/control/banks/ok/slips`;
  const planted = await post(slips, { kind: 'missing', endToEndId: 'k-1' });
  expect(planted.status).toBe(201);
  expect((await statement(`day=${today()}`)).text).not.toContain('k-1');
  expect((await post(slips, { kind: 'amount', endToEndId: 'k-2', amount: '-1' })).status).toBe(400);
  expect((await fetch(slips, { method: 'DELETE' })).status).toBe(204);
  expect((await statement(`day=${today()}`)).text).toContain('k-1');
});

test.each([
  ['day=yesterday', 400],
  ['day=2026-02-30', 400],
  ['day=2999-01-01', 404],
  ['day=2020-01-01&format=pdf', 400],
])('%s is answered with %i', async (query, status) => {
  expect((await statement(query)).status).toBe(status);
});

test('no slips of a bank that does not exist', async () => {
  const url = `${simulator.url}/control/banks/nobody/slips`;
  expect((await fetch(url)).status).toBe(404);
  expect((await post(url, { kind: 'missing', endToEndId: 'k' })).status).toBe(404);
});
