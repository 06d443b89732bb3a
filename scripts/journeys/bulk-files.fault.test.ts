import { LEDGER_REQUESTS, type BulkFile, type BulkLineResult } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { connect, request } from '@florin/messaging';
import { createLogger } from '@florin/runtime';
import { eventually } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { machineToken } from '../faults/machine-token.ts';
import type { Platform } from '../platform/platform.ts';
import { startScratchPlatform } from '../platform/scratch-platform.ts';
import { uploadLines } from './bulk-upload.ts';
import { createPerson, fundedWallet, newPerson, type Person } from './person.ts';

/** Hunts lines of files that are lost, paid twice, or told wrongly. */

const PATH = '/v1/bulk-files';
let platform: Platform;
let url: string;
let ana: Person;
let ben: Person;
let machine: Person;

beforeAll(async () => {
  platform = await startScratchPlatform({
    fraudScoring: 'off',
    services: ['bank-simulator', 'banking', 'gateway', 'identity', 'ledger', 'payments'],
    serviceEnv: {
      gateway: { BULK_FILE_BYTES_MAX: '20000000' },
      payments: { POLL_INTERVAL: '100', CLAIM_TIME: '2s', BULK_CLAIM_TIME: '2s' },
    },
  });
  const { oauthClient, gatewayUrl } = platform.dev();
  url = gatewayUrl;
  [ana, ben] = [await newPerson(url), await newPerson(url)];
  machine = createPerson(url, await machineToken(url, oauthClient)());
});
afterAll(async () => {
  const log = createLogger('test', 'fatal');
  {
    await using bus = await connect({ url: platform.dev().natsUrl, name: 'test', log });
    const { breaks } = await request(bus, LEDGER_REQUESTS.verifyBooks, {}, { timeoutMs: 60_000 });
    expect(breaks).toEqual([]);
    console.log('  books: every invariant holds, each currency sums to zero');
  }
  await platform.stop();
});

async function upload(who: Person, lines: readonly (object | string)[], key = uuidv7()) {
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  const answer = await uploadLines(url, who.token, key, [`${text.join('\n')}\n`]);
  const told = answer.body as BulkFile & { code?: string };
  console.log(`  POST ${PATH} -> ${answer.status} ${told.code ?? `${told.lines} lines`}`);
  return { ...told, http: answer.status, replayed: answer.replayed };
}

const progressOf = async (who: Person, id: string) =>
  (await who.call<BulkFile>('GET', `${PATH}/${id}`)).body;

async function ended(who: Person, id: string): Promise<BulkFile> {
  const file = await eventually(
    async () => {
      const now = await progressOf(who, id).catch(() => undefined);
      return now?.status === 'completed' || now?.status === 'cancelled' ? now : false;
    },
    { timeoutMs: 120_000 },
  );
  console.log(`  ${file.status}: ${JSON.stringify(file.counts)} of ${file.lines}`);
  return file;
}

async function resultsOf(who: Person, id: string): Promise<BulkLineResult[]> {
  const headers = { authorization: `Bearer ${who.token}` };
  const answer = await fetch(new URL(`${PATH}/${id}/result`, url), { headers });
  return (await answer.text())
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as BulkLineResult);
}

const balanceOf = async (who: Person, wallet: string) =>
  Number((await who.wallet(wallet)).balances.posted);

describe('files of payments by REST', () => {
  test('each line has its result, in order: paid, refused, and no transfer at all', async () => {
    const [from, to] = [await fundedWallet(ana, '100'), await fundedWallet(ben, '0')];
    const line = { fromWalletId: from, toWalletId: to, amount: '40' };
    const lines = [
      { ...line, description: 'first', metadata: { run: '1' } },
      'not json',
      { ...line, amount: '0' },
      { ...line, extra: 1 },
      '',
      { ...line, fromWalletId: to },
      { ...line, fromWalletId: uuidv7() },
      { ...line, toWalletId: uuidv7() },
      { ...line, toWalletId: from },
      line,
      line,
    ];
    const file = await upload(ana, lines);
    expect(file).toMatchObject({ http: 202, lines: lines.length });
    const { counts } = await ended(ana, file.id);
    expect(counts).toEqual({ completed: 2, held: 0, failed: 3, invalid: 6 });
    const results = await resultsOf(ana, file.id);
    for (const result of results) console.log(`    ${JSON.stringify(result)}`);
    expect(results.map((one) => `${one.line} ${one.code ?? one.status}`)).toEqual([
      '1 completed',
      '2 validation-failed',
      '3 validation-failed',
      '4 validation-failed',
      '5 validation-failed',
      '6 not-found',
      '7 not-found',
      '8 not-found',
      '9 same-wallet',
      '10 completed',
      '11 insufficient-funds',
    ]);
    const paid = await ana.call('GET', `/v1/transactions/${results[0]?.transactionId}`);
    expect(paid.body).toMatchObject({ description: 'first', metadata: { run: '1' } });
    expect([await balanceOf(ana, from), await balanceOf(ben, to)]).toEqual([20, 80]);
    expect((await ben.call('GET', `${PATH}/${file.id}`)).status).toBe(404);
    expect((await ben.call('GET', `${PATH}/${file.id}/result`)).status).toBe(404);
    expect((await machine.call('GET', `${PATH}/${file.id}`)).status).toBe(200);
  });

  test('a key is one file; an upload that broke off goes on; bad uploads are refused', async () => {
    const [from, to] = [await fundedWallet(ana, '5000'), await fundedWallet(ben, '0')];
    const line = JSON.stringify({ fromWalletId: from, toWalletId: to, amount: '1' });
    const lines = Array.from({ length: 2_500 }, () => line);
    const key = uuidv7();
    const broken = await uploadLines(url, ana.token, key, [`${line}\n`.repeat(1_800)], true).catch(
      () => undefined,
    );
    expect(broken).toBeUndefined();
    const file = await upload(ana, lines, key);
    expect(file).toMatchObject({ http: 202, lines: 2_500 });
    await ended(ana, file.id);
    expect(await upload(ana, lines, key)).toMatchObject({ id: file.id, replayed: true });
    expect(await upload(ana, lines.slice(1), key)).toMatchObject({
      http: 422,
      code: 'idempotency-key-reused',
    });
    expect(await upload(ana, [line.replace('"1"', '"2"'), ...lines.slice(1)], key)).toMatchObject({
      code: 'idempotency-key-reused',
    });
    expect([await balanceOf(ana, from), await balanceOf(ben, to)]).toEqual([2500, 2500]);
    const refusals = [
      [await uploadLines(url, ana.token, uuidv7(), []), 400],
      [await uploadLines(url, ana.token, uuidv7(), ['x'.repeat(70_000)]), 400],
      [await uploadLines(url, ana.token, uuidv7(), ['{"a":"\u0000"}\n']), 400],
      [await uploadLines(url, ana.token, '', [`${line}\n`]), 400],
      [await ana.pay(PATH, {}), 415],
    ] as const;
    for (const [answer, status] of refusals) expect(answer.status).toBe(status);
    const huge = Array.from({ length: 25 }, () => `${line}\n`.repeat(8_000));
    const tooLarge = await uploadLines(url, ana.token, uuidv7(), huge).catch(() => undefined);
    expect(tooLarge === undefined || tooLarge.status === 413).toBe(true);
  });

  test('pause, go on, cancel: what was not sent is told so', async () => {
    const [from, to] = [await fundedWallet(ana, '100000'), await fundedWallet(ben, '0')];
    const line = { fromWalletId: from, toWalletId: to, amount: '1' };
    const file = await upload(
      ana,
      Array.from({ length: 15_000 }, () => line),
    );
    const paused = await ana.call<BulkFile>('POST', `${PATH}/${file.id}/pause`);
    expect(paused.body.status).toBe('paused');
    const standing = await eventually(async () => {
      const [one, next] = [await progressOf(ana, file.id), await progressOf(ana, file.id)];
      return one.done === next.done ? next : false;
    });
    expect(standing.done).toBeLessThan(15_000);
    await ana.call('POST', `${PATH}/${file.id}/resume`);
    await eventually(async () => (await progressOf(ana, file.id)).done > standing.done);
    expect((await ana.call('POST', `${PATH}/${file.id}/cancel`)).status).toBe(200);
    expect((await ana.call('POST', `${PATH}/${file.id}/resume`)).status).toBe(422);
    // What was sent before the cancellation is told when it is decided, and then all after it.
    const results = await eventually(async () => {
      const told = await resultsOf(ana, file.id);
      return told.length === file.lines ? told : false;
    });
    const paid = results.filter(({ status }) => status === 'completed').length;
    expect(await balanceOf(ben, to)).toBe(paid);
    expect(results.some(({ status }) => status === 'cancelled')).toBe(true);
    expect(results.every(({ line: number }, index) => number === index + 1)).toBe(true);
  });
});

describe('kill -9 in the middle of a file', () => {
  const LINES = 10_000;

  test(`${LINES} lines over killed payments, gateways and ledgers: each paid once`, async () => {
    const [from, to] = [await fundedWallet(ana, '1000000'), await fundedWallet(ben, '0')];
    const line = { fromWalletId: from, toWalletId: to, amount: '3' };
    const file = await upload(
      machine,
      Array.from({ length: LINES }, () => line),
    );
    let kills = 0;
    const victims = ['payments', 'payments', 'ledger', 'payments', 'gateway'];
    for (;;) {
      const before = await eventually(() => progressOf(machine, file.id));
      if (before.status === 'completed') break;
      const victim = victims[kills % victims.length] ?? 'payments';
      const pid = platform.pidOf(victim);
      if (pid !== undefined) {
        process.kill(pid, 'SIGKILL');
        kills++;
      }
      await eventually(async () => {
        const now = await progressOf(machine, file.id).catch(() => before);
        return now.done > before.done || now.status === 'completed';
      });
    }
    const done = await ended(machine, file.id);
    expect(done.counts).toEqual({ completed: LINES, held: 0, failed: 0, invalid: 0 });
    const results = await resultsOf(machine, file.id);
    expect(new Set(results.map(({ transactionId }) => transactionId)).size).toBe(LINES);
    expect(results.every(({ line: number }, index) => number === index + 1)).toBe(true);
    expect(await balanceOf(ben, to)).toBe(3 * LINES);
    console.log(`  ${LINES} lines, ${kills} kills: ${3 * LINES} arrived, no line twice`);
  });
});
