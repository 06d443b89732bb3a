// Measures what scoring costs without any server: run by `npm run bench:fraud`. Last line: JSON.
import { uuidv7 } from '@florin/kernel';
import {
  apply,
  createProfiles,
  extract,
  FEATURE_COUNT,
  type Profiles,
  type ScoredTransaction,
} from '@florin/ml/features';
import { startServingBackend } from '@florin/ml/model';
import { loadModels } from '../adapters/load-models.ts';
import type { InitiatedOrder } from '../domain/initiated-message.ts';
import { beginCopy } from '../domain/profile-copy.ts';
import { createJudge, type Judge } from '../scoring/judge.ts';

const WALLETS = 100_000;
const PAYMENTS_A_WALLET = 3;
const BATCH = 512;
const SECONDS = 4;

let drawn = 1;
/** Good enough to mix wallets, and the same each time. */
const draw = (below: number): number => {
  drawn = (Math.imul(drawn, 1_664_525) + 1_013_904_223) >>> 0;
  return drawn % below;
};

const wallets = Array.from({ length: WALLETS }, () => uuidv7());
const pick = (): string => wallets[draw(WALLETS)] as string;
const DAY_MS = 86_400_000;
let now = Date.now() - 31 * DAY_MS;

function payment(walletId = pick(), passedMs = 1): ScoredTransaction {
  now += passedMs;
  const device = `${walletId.slice(0, 8)}-${draw(2)}`;
  return {
    at: now,
    type: 'transfer',
    walletId,
    counterpartyWalletId: pick(),
    bankAccount: undefined,
    amount: 500 + draw(10_000),
    currency: 'USD',
    context: { deviceId: device, address: `net-${draw(50_000)}`, country: 'DE' },
  };
}

/** Wallets of half a year that pay now and then for a month: what the streams tell of it. */
function live(profiles: Profiles): void {
  for (const walletId of wallets) {
    const openedAt = now - 180 * DAY_MS;
    apply(profiles, { kind: 'account', at: openedAt, walletId, ownerId: walletId, openedAt });
  }
  for (let n = 0; n < WALLETS * PAYMENTS_A_WALLET; n++) {
    const passedMs = (30 * DAY_MS) / (WALLETS * PAYMENTS_A_WALLET);
    const transaction = payment(wallets[n % WALLETS], passedMs);
    apply(profiles, { kind: 'initiated', transaction });
    const balances = { balance: 100_000, counterpartyBalance: 100_000 };
    apply(profiles, { ...transaction, kind: 'completed', ...balances });
  }
}

/** Orders as they come out of messages; only what judging reads. */
const orderOf = (transaction: ScoredTransaction): InitiatedOrder =>
  ({ transaction, event: { data: {} } }) as InitiatedOrder;

/** Extraction, scores, decisions, reasons where they are due, and folding, per second. */
function scoresPerSecond(profiles: Profiles, judge: Judge, batch: number) {
  const features = new Float32Array(batch * FEATURE_COUNT);
  let scored = 0;
  let stopped = 0;
  let elapsedMs = 0;
  let cpuMicros = 0;
  while (elapsedMs < SECONDS * 1000) {
    // What arrives is made before the clock runs.
    const orders = Array.from({ length: batch }, () => orderOf(payment()));
    const startedMs = performance.now();
    const cpuBefore = process.cpuUsage();
    for (const [at, { transaction }] of orders.entries()) {
      extract(
        profiles,
        transaction,
        features.subarray(at * FEATURE_COUNT, (at + 1) * FEATURE_COUNT),
      );
      apply(profiles, { kind: 'initiated', transaction });
    }
    const verdicts = judge.judge(orders, features, 'enforce');
    const { user, system } = process.cpuUsage(cpuBefore);
    elapsedMs += performance.now() - startedMs;
    cpuMicros += user + system;
    scored += verdicts.length;
    stopped += verdicts.filter(({ decision }) => decision !== 'approve').length;
  }
  return {
    perSecond: Math.round((scored / elapsedMs) * 1000),
    // On a machine that others use too, this is what the second would have been enough for.
    perCpuSecond: Math.round((scored / cpuMicros) * 1e6),
    cpuMicrosEach: Math.round((cpuMicros * 10) / scored) / 10,
    stopped,
    scored,
  };
}

/** The longest step of a copy is what a payment may have to wait for. */
function takeSnapshot(profiles: Profiles) {
  const steps: number[] = [];
  let bytes = 0;
  let startedMs = performance.now();
  const step = (part?: Uint8Array) => {
    steps.push(performance.now() - startedMs);
    bytes += part?.length ?? 0;
    startedMs = performance.now();
  };
  using copy = beginCopy(profiles);
  step();
  for (const part of copy.parts()) step(part);
  step(copy.head());
  const longestMs = Math.round(Math.max(...steps) * 10) / 10;
  const inAllMs = Math.round(steps.reduce((sum, ms) => sum + ms, 0));
  return { longestMs, inAllMs, parts: steps.length - 2, mb: megabytes(bytes) };
}

const megabytes = (bytes: number): number => Math.round(bytes / 1e5) / 10;
const usedMemory = () => {
  globalThis.gc?.();
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  return { rss: megabytes(rss), heap: megabytes(heapUsed), arrays: megabytes(arrayBuffers) };
};

const backend = await startServingBackend();
const models = await loadModels(undefined, []);
const before = usedMemory();
const profiles = createProfiles();
live(profiles);
const with100k = usedMemory();
const judge = createJudge({ ...models, profiles });
scoresPerSecond(profiles, judge, BATCH);
const batches = scoresPerSecond(profiles, judge, BATCH);
const singly = scoresPerSecond(profiles, judge, 1);
const snapshot = takeSnapshot(profiles);

process.stdout.write(
  `${JSON.stringify({
    backend,
    model: models.champion.manifest.modelVersion,
    batches: { size: BATCH, ...batches },
    singly,
    memoryMb: { before, with100kProfiles: with100k },
    links: profiles.links.used,
    profilesMb: megabytes((with100k.arrays + with100k.heap - before.arrays - before.heap) * 1e6),
    snapshot,
  })}\n`,
);
