import { startScratchPlatform } from '../platform/scratch-platform.ts';
import { killInTurn, VICTIMS, type Kill, type Victim } from './killer.ts';
import { openLoad } from './open-load.ts';
import { anyPayment, type Acknowledged } from './payer.ts';
import { reckon, type Reckoning } from './reckoning.ts';

export interface KillOptions {
  /** At least. */
  seconds: number;
  /** At least. */
  transactions: number;
  /** Of each kind. */
  kills: number;
  clients: number;
  ledgers: number;
  wallets: number;
  say(line: string): void;
}

export interface KillReport extends Reckoning {
  seconds: number;
  perSecond: number;
  /** Payments that had to be asked for more than once. */
  repeated: number;
  kills: Record<Victim, { times: number; longestSilenceMs: number; longestWaitMs: number }>;
}

/**
 * Loads a whole platform over REST and kills its processes with -9, while clients repeat with the
 * same key until they are told an outcome. Then compares what they were told with the books.
 */
export async function killUnderLoad(options: KillOptions): Promise<KillReport> {
  const { say } = options;
  await using platform = await startScratchPlatform({
    scale: { ledger: options.ledgers },
    fraudScoring: 'off',
  });
  await using load = await openLoad(platform, options.wallets);
  const { acknowledged, payer, wallets } = load;
  say(`${wallets.length} wallets are funded; loading with ${options.clients} clients`);

  const startedMs = performance.now();
  let killing = true;
  const kills = killInTurn(
    options.kills,
    (options.seconds * 1000) / (options.kills * VICTIMS.length) / 1.5,
    () => platform.dev().pids,
    ({ process, restartedMs }) =>
      say(`killed ${process}, running again after ${Math.round(restartedMs)} ms`),
  ).finally(() => (killing = false));
  const enough = () =>
    !killing &&
    acknowledged.length >= options.transactions &&
    performance.now() - startedMs >= options.seconds * 1000;
  const clients = Array.from({ length: options.clients }, async () => {
    while (!enough()) acknowledged.push(await payer.settle(anyPayment(wallets)));
  });
  await Promise.all(clients);
  const seconds = (performance.now() - startedMs) / 1000;
  say('load is over; comparing with the books');
  return {
    seconds: Math.round(seconds),
    perSecond: Math.round(acknowledged.length / seconds),
    ...(await reckon(load.pool, load.bus, wallets, acknowledged)),
    repeated: acknowledged.filter((one) => one.attempts > 1).length,
    kills: summaryOf(await kills, acknowledged),
  };
}

/**
 * Per kind: how often, the longest time in which no client anywhere was told an outcome, and the
 * longest that any one client waited for its own, repeats included.
 */
function summaryOf(
  kills: readonly Kill[],
  acknowledged: readonly Acknowledged[],
): KillReport['kills'] {
  const times = acknowledged.map((one) => one.atMs).toSorted((a, b) => a - b);
  const entries = VICTIMS.map((victim) => {
    const mine = kills.filter((kill) => kill.victim === victim);
    const silences = mine.map((kill) => longestSilence(times, kill.atMs));
    const waits = mine.map((kill) => longestWait(acknowledged, kill.atMs));
    return [
      victim,
      {
        times: mine.length,
        longestSilenceMs: Math.round(Math.max(...silences)),
        longestWaitMs: Math.round(Math.max(...waits)),
      },
    ] as const;
  });
  return Object.fromEntries(entries) as KillReport['kills'];
}

/** Of payments that were under way when it was killed or began within a second after. */
function longestWait(acknowledged: readonly Acknowledged[], killedAtMs: number): number {
  return acknowledged
    .filter((one) => one.startedMs < killedAtMs + 1000 && one.atMs > killedAtMs)
    .reduce((longest, one) => Math.max(longest, one.atMs - one.startedMs), 0);
}

/** The longest gap between two acknowledgements that begins within five seconds after a kill. */
function longestSilence(times: readonly number[], killedAtMs: number): number {
  let longest = 0;
  let before = killedAtMs;
  for (const at of times) {
    if (at < killedAtMs) continue;
    longest = Math.max(longest, at - before);
    if (at > killedAtMs + 5000) break;
    before = at;
  }
  return longest;
}
