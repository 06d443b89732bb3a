// npm run faults [-- --seconds 180 --transactions 50000 --kills 5 --clients 48 --ledgers 2]
//
// Starts the whole platform, loads it over REST, and kills its processes with -9 at random, each
// kind several times, while clients repeat with the same key until they are told an outcome. Then
// compares what they were told with the books and the event stream. Last line: JSON.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connect } from '@florin/messaging';
import { createHotPool } from '@florin/postgres';
import { createLogger } from '@florin/runtime';
import { clearPostgres } from '@florin/testing';
import { startPlatform } from '../platform/platform.ts';
import { createRestClient } from '../platform/rest-client.ts';
import { killInTurn, VICTIMS, type Kill } from './killer.ts';
import { machineToken } from './machine-token.ts';
import { anyPayment, createPayer, type Acknowledged } from './payer.ts';
import { reckon } from './reckoning.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '180' },
    transactions: { type: 'string', default: '50000' },
    kills: { type: 'string', default: '5' },
    clients: { type: 'string', default: '48' },
    ledgers: { type: 'string', default: '2' },
    wallets: { type: 'string', default: '60' },
  },
});
const say = (text: string) => process.stdout.write(`${text}\n`);
const dir = mkdtempSync(join(tmpdir(), 'florin-faults-'));

try {
  await using platform = await startPlatform({
    dir,
    scale: { ledger: Number(values.ledgers) },
    demo: false,
  });
  const { gatewayUrl, natsUrl, postgresUrl, oauthClient } = platform.dev();
  const token = machineToken(gatewayUrl, oauthClient);
  const payer = createPayer(gatewayUrl, token);
  const log = createLogger('faults', 'fatal');
  const acknowledged: Acknowledged[] = [];

  const client = createRestClient(gatewayUrl, await token());
  const wallets: string[] = [];
  for (let i = 0; i < Number(values.wallets); i++) {
    const opened = await client.post('/v1/wallets', { currency: 'USD', name: `wallet ${i}` });
    const { id } = client.expect<{ id: string }>(opened, 201);
    wallets.push(id);
    const body = { walletId: id, amount: '100000', bankAccount: 'ok' };
    acknowledged.push(await payer.settle({ key: `fund-${id}`, path: '/v1/deposits', body }));
  }
  say(`${wallets.length} wallets are funded; loading with ${values.clients} clients`);

  const startedMs = performance.now();
  let killing = true;
  const kills = killInTurn(
    Number(values.kills),
    (Number(values.seconds) * 1000) / (Number(values.kills) * VICTIMS.length) / 1.5,
    () => platform.dev().pids,
    ({ process, restartedMs }) =>
      say(`killed ${process}, running again after ${Math.round(restartedMs)} ms`),
  ).finally(() => (killing = false));
  const enough = () =>
    !killing &&
    acknowledged.length >= Number(values.transactions) &&
    performance.now() - startedMs >= Number(values.seconds) * 1000;
  const clients = Array.from({ length: Number(values.clients) }, async () => {
    while (!enough()) acknowledged.push(await payer.settle(anyPayment(wallets)));
  });
  await Promise.all(clients);
  const seconds = (performance.now() - startedMs) / 1000;
  const done = await kills;
  say('load is over; comparing with the books');

  const url = new URL(postgresUrl);
  url.pathname = '/florin_ledger';
  const pool = createHotPool({
    url: url.href,
    applicationName: 'reckoning',
    statementTimeoutMs: 300_000,
  });
  const bus = await connect({ url: natsUrl, name: 'reckoning', log });
  const reckoning = await reckon(pool, bus, wallets, acknowledged);
  await bus.close();
  await pool.end();
  const { breaks, lost, doubled, wrongBalances, untoldEvents, eventGaps } = reckoning;
  say(
    `acknowledged ${reckoning.acknowledged}, lost ${lost}, doubled ${doubled}, ` +
      `imbalance ${breaks.length + wrongBalances}`,
  );
  process.stdout.write(
    `${JSON.stringify({
      faults: 'kill -9',
      seconds: Math.round(seconds),
      perSecond: Math.round(acknowledged.length / seconds),
      ...reckoning,
      repeated: acknowledged.filter((one) => one.attempts > 1).length,
      kills: summary(done, acknowledged),
    })}\n`,
  );
  if (breaks.length + lost + doubled + wrongBalances + untoldEvents + eventGaps > 0) {
    process.exitCode = 1;
  }
} finally {
  await clearPostgres(join(dir, 'postgres'));
  rmSync(dir, { recursive: true, force: true });
}

/**
 * Per kind: how often, the longest time in which no client anywhere was told an outcome, and the
 * longest that any one client waited for its own, repeats included.
 */
function summary(kills: readonly Kill[], acknowledged: readonly Acknowledged[]) {
  const times = acknowledged.map((one) => one.atMs).toSorted((a, b) => a - b);
  return Object.fromEntries(
    VICTIMS.map((victim) => {
      const mine = kills.filter((kill) => kill.victim === victim);
      const longest = Math.max(...mine.map((kill) => longestSilence(times, kill.atMs)));
      const waits = mine.map((kill) => longestWait(acknowledged, kill.atMs));
      return [
        victim,
        {
          times: mine.length,
          longestSilenceMs: Math.round(longest),
          longestWaitMs: Math.round(Math.max(...waits)),
        },
      ];
    }),
  );
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
