// npm run bench:bulk -- [--lines 1000000] [--kills 1] [--payers 64]
//
// A file of payments on a whole platform: how long it takes, how much memory its services need, and
// what its result file says; with kill -9 of the payments service in the middle.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import { LEDGER_REQUESTS, type BulkFile, type BulkLineResult } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { connect, request } from '@florin/messaging';
import { createLogger } from '@florin/runtime';
import { eventually } from '@florin/testing';
import { machineToken } from '../faults/machine-token.ts';
import { uploadLines } from '../journeys/bulk-upload.ts';
import { createPerson, fundedWallet } from '../journeys/person.ts';
import { startScratchPlatform } from '../platform/scratch-platform.ts';

const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '1000000' },
    kills: { type: 'string', default: '1' },
    payers: { type: 'string', default: '64' },
  },
});
const [LINES, KILLS, PAYERS] = [values.lines, values.kills, values.payers].map(Number) as [
  number,
  number,
  number,
];

await using platform = await startScratchPlatform({
  fraudScoring: 'off',
  services: ['bank-simulator', 'banking', 'gateway', 'identity', 'ledger', 'payments'],
  serviceEnv: { payments: { BULK_CLAIM_TIME: '5s', CLAIM_TIME: '5s' } },
});
const { gatewayUrl, oauthClient, natsUrl } = platform.dev();
const token = machineToken(gatewayUrl, oauthClient);
const machine = async () => createPerson(gatewayUrl, await token());

/** Resident memory in MB, of the process as it is now. */
function memoryOf(service: string): number {
  const pid = platform.pidOf(service);
  if (pid === undefined) return 0;
  try {
    const [, pages = '0'] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
    return Math.round((Number(pages) * 4096) / 1_000_000);
  } catch {
    return 0;
  }
}
const most: Record<string, number> = { gateway: 0, payments: 0, ledger: 0 };
const sampler = setInterval(() => {
  for (const name of Object.keys(most)) most[name] = Math.max(most[name] ?? 0, memoryOf(name));
}, 250);

const client = await machine();
const wallets: string[] = [];
for (let n = 0; n < PAYERS; n++) wallets.push(await fundedWallet(client, '1000000000'));
const walletOf = (n: number): string => wallets[n % PAYERS] ?? '';

/** Every hundredth line is none, and every hundred-and-first asks for too much. */
function lineOf(n: number): string {
  if (n % 100 === 99) return '{"fromWalletId": "nobody"}\n';
  const amount = n % 101 === 100 ? '999999999999999' : '1';
  const transfer = { fromWalletId: walletOf(n), toWalletId: walletOf(n + 1), amount };
  return `${JSON.stringify(transfer)}\n`;
}
async function* fileOf(): AsyncGenerator<string> {
  for (let n = 0; n < LINES; n += 500) {
    const count = Math.min(500, LINES - n);
    yield Array.from({ length: count }, (_, index) => lineOf(n + index)).join('');
  }
}
const expected = { completed: 0, failed: 0, invalid: 0 };
for (let n = 0; n < LINES; n++) {
  if (n % 100 === 99) expected.invalid++;
  else if (n % 101 === 100) expected.failed++;
  else expected.completed++;
}

const say = (text: string): void => console.log(text);
const seconds = (sinceMs: number): string => ((performance.now() - sinceMs) / 1000).toFixed(1);

const uploadMs = performance.now();
const { status, body } = await uploadLines(gatewayUrl, await token(), uuidv7(), fileOf());
if (status !== 202) throw new Error(`the upload was answered ${status}: ${JSON.stringify(body)}`);
const { id, bytes } = body as BulkFile;
say(`uploaded ${LINES} lines, ${(bytes / 1e6).toFixed(0)} MB, in ${seconds(uploadMs)} s`);

const read = async (): Promise<BulkFile> =>
  (await (await machine()).call<BulkFile>('GET', `/v1/bulk-files/${id}`)).body;
const workMs = performance.now();
for (let kill = 1; kill <= KILLS; kill++) {
  const at = Math.floor((LINES * kill) / (KILLS + 1));
  const options = { timeoutMs: 3_600_000, everyMs: 500 };
  const file = await eventually(async () => {
    const now = await read();
    return now.done >= at ? now : false;
  }, options);
  const pid = platform.pidOf('payments');
  if (pid !== undefined) process.kill(pid, 'SIGKILL');
  say(`  kill -9 of payments after ${file.done} lines, ${seconds(workMs)} s`);
}
const done = await eventually(
  async () => {
    const now = await read().catch(() => undefined);
    return now?.status === 'completed' ? now : false;
  },
  { timeoutMs: 7_200_000 },
);
const took = (performance.now() - workMs) / 1000;
say(`worked through in ${took.toFixed(1)} s: ${Math.round(LINES / took)} lines a second`);
say(`progress says ${JSON.stringify(done.counts)}`);

const resultMs = performance.now();
const response = await fetch(new URL(`/v1/bulk-files/${id}/result`, gatewayUrl), {
  headers: { authorization: `Bearer ${await token()}` },
});
const counted: Record<string, number> = {};
const ids = new Set<string>();
let next = 1;
const lines = createInterface({ input: Readable.fromWeb(response.body as never) });
for await (const text of lines) {
  const result = JSON.parse(text) as BulkLineResult;
  if (result.line !== next++) throw new Error(`line ${result.line} stands at place ${next - 1}`);
  counted[result.status] = (counted[result.status] ?? 0) + 1;
  if (result.transactionId !== undefined) ids.add(result.transactionId);
}
say(`result file: ${next - 1} lines in order in ${seconds(resultMs)} s ${JSON.stringify(counted)}`);
say(`expected ${JSON.stringify(expected)}; ${ids.size} transactions, each named once`);

clearInterval(sampler);
const log = createLogger('bench', 'fatal');
await using bus = await connect({ url: natsUrl, name: 'bench', log });
const { breaks } = await request(bus, LEDGER_REQUESTS.verifyBooks, {}, { timeoutMs: 600_000 });
say(`books: ${breaks.length} breaks; most memory in MB: ${JSON.stringify(most)}`);
const right =
  breaks.length === 0 &&
  ids.size === expected.completed + expected.failed &&
  Object.entries(expected).every(([name, count]) => counted[name] === count);
process.exitCode = right ? 0 : 1;
