// npm run bench:live [-- --clients 1000 --people 50 --per-second 100 --seconds 10]
//
// Clients that listen to server-sent events on one gateway while people are paid: how long after
// its decision each hears of a payment, what a client costs in memory, and whether all of them are
// told everything once while gateways are killed and they go on at another one. Exits with 1 where
// anybody missed something or heard it twice. Last line: JSON.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { present } from '@florin/kernel';
import { eventually } from '@florin/testing';
import { machineToken } from '../faults/machine-token.ts';
import { createPerson, fundedWallet, newPerson, type Person } from '../journeys/person.ts';
import { startScratchPlatform } from '../platform/scratch-platform.ts';
import { startEventClient, type EventClient } from './event-clients.ts';
import { percentile, printResult, probeCores, round, say, watchUsage } from './measure.ts';

const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '1000' },
    people: { type: 'string', default: '50' },
    'per-second': { type: 'string', default: '100' },
    seconds: { type: 'string', default: '10' },
  },
});
const [clientCount, peopleCount] = [Number(values.clients), Number(values.people)];
const [perSecond, seconds] = [Number(values['per-second']), Number(values.seconds)];
const PATIENCE = { timeoutMs: 120_000 };

interface Payee {
  wallet: string;
  person: Person;
  /** What was acknowledged and concerns this person. */
  expected: Set<string>;
}

await using platform = await startScratchPlatform({
  fraudScoring: 'off',
  scale: { gateway: 2 },
});
const { gatewayUrl, oauthClient } = platform.dev();
const ports = JSON.parse(readFileSync(join(platform.dir, 'ports.json'), 'utf8')) as Record<
  string,
  number
>;
const gateways = [gatewayUrl, `http://127.0.0.1:${ports['gateway-2'] ?? 0}`] as const;
const cores = await probeCores();
const residentMb = (name: string): number => {
  const status = readFileSync(`/proc/${present(platform.pidOf(name), name)}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
};

const people: Payee[] = [];
for (let nth = 0; nth < peopleCount; nth++) {
  const person = await newPerson(gatewayUrl);
  people.push({ person, wallet: await fundedWallet(person, '50000'), expected: new Set() });
}
say(`cores ${cores}; ${people.length} people, each with a funded wallet`);

const beforeMb = residentMb('gateway');
const clients: { client: EventClient; of: Payee }[] = Array.from(
  { length: clientCount },
  (_, nth) => {
    const of = people[nth % people.length] as Payee;
    // Every second one comes back to the other gateway first.
    const urls = nth % 2 === 0 ? gateways : [gateways[0], gateways[1], gateways[1]];
    return { of, client: startEventClient(urls, of.person.token) };
  },
);
const allConnected = () => clients.every(({ client }) => client.connected());
await eventually(allConnected, PATIENCE);
await pause(1_000);
const kbEach = round(((residentMb('gateway') - beforeMb) * 1024) / clientCount);
say(`${clientCount} clients on one gateway: ${kbEach} kB resident each`);

const token = machineToken(gatewayUrl, oauthClient);
const failures: string[] = [];
let turn = 0;

/** Somebody pays the next one, through a gateway that lives: the same key until it is answered. */
async function pay(order: readonly string[]): Promise<void> {
  const from = people[turn % people.length] as Payee;
  const to = people[(turn + 1 + (turn % 7)) % people.length] as Payee;
  turn += 1;
  if (from === to) return;
  const key = `live-${turn}-${process.pid}`;
  for (let attempt = 0; attempt < 40; attempt++) {
    const machine = createPerson(order[attempt % order.length] ?? '', await token());
    const body = { fromWalletId: from.wallet, toWalletId: to.wallet, amount: '1' };
    const answer = await machine.pay('/v1/transfers', body, key).catch(() => undefined);
    if (answer?.status === 201) {
      from.expected.add(answer.body.id);
      to.expected.add(answer.body.id);
      return;
    }
    if (answer !== undefined && answer.status !== 202 && answer.status < 500) break;
    await pause(250);
  }
  failures.push(key);
}

/** An open arrival of payments. */
async function payFor(forSeconds: number, order: readonly string[]): Promise<void> {
  const startedMs = performance.now();
  const under: Promise<void>[] = [];
  for (let sent = 0; sent < forSeconds * perSecond; sent++) {
    const dueMs = startedMs + (sent / perSecond) * 1000;
    if (dueMs > performance.now()) await pause(dueMs - performance.now());
    under.push(pay(order));
  }
  await Promise.all(under);
}

const isComplete = ({ client, of }: (typeof clients)[number]): boolean =>
  client.heard.filter(({ status }) => status === 'completed').length >= of.expected.size;

const usage = watchUsage({ gateway: present(platform.pidOf('gateway'), 'gateway') });
await payFor(seconds, gateways.slice(1));
await eventually(() => clients.every(isComplete), PATIENCE);
const latenciesMs = clients.flatMap(({ client }) => client.heard.map((one) => one.latencyMs));
const deliveries = latenciesMs.length;
const figures = {
  deliveries,
  deliveriesPerSecond: Math.round(deliveries / seconds),
  p50Ms: percentile(latenciesMs, 0.5),
  p99Ms: percentile(latenciesMs, 0.99),
  gatewayMicrosEach: usage(deliveries).cpuMicros['gateway'],
};
say(
  `${figures.deliveriesPerSecond} deliveries/s: p50 ${figures.p50Ms} ms, p99 ${figures.p99Ms} ms`,
);

/** Kills a gateway while others are paid, and waits until everybody has found one again. */
async function killDuring(name: string, order: readonly string[]): Promise<void> {
  const paying = payFor(seconds / 2, order);
  await pause(1_000);
  process.kill(present(platform.pidOf(name), name), 'SIGKILL');
  await paying;
  await eventually(allConnected, PATIENCE);
}

await killDuring('gateway', gateways.slice(1));
await killDuring('gateway-2', gateways.slice(0, 1));
await killDuring('gateway', gateways.slice(1));
await eventually(() => clients.every(isComplete), PATIENCE).catch(() => undefined);

const isAfter = (one: string, other: string): boolean => {
  const [oneMessage = 0, oneEvent = 0] = one.split('.').map(Number);
  const [otherMessage = 0, otherEvent = 0] = other.split('.').map(Number);
  return oneMessage > otherMessage || (oneMessage === otherMessage && oneEvent > otherEvent);
};

let [missed, repeated, disordered, resets, reconnections] = [0, 0, 0, 0, 0];
for (const { client, of } of clients) {
  const completed = client.heard.filter(({ status }) => status === 'completed');
  const ids = new Set(completed.map(({ transactionId }) => transactionId));
  missed += [...of.expected].filter((id) => !ids.has(id)).length;
  repeated += completed.length - ids.size;
  disordered += client.heard.filter(
    ({ position }, nth) => nth > 0 && !isAfter(position, client.heard[nth - 1]?.position ?? '0.0'),
  ).length;
  resets += client.resets();
  reconnections += client.connections() - 1;
  client.stop();
}
const heard = clients.reduce((sum, { client }) => sum + client.heard.length, 0);
say(
  `after three kills and ${reconnections} reconnections: ${heard} deliveries, ${missed} missed, ` +
    `${repeated} repeated, ${disordered} out of order, ${resets} resets`,
);
printResult({
  bench: 'live',
  cores,
  coresAfter: await probeCores(),
  clients: clientCount,
  people: people.length,
  paymentsPerSecond: perSecond,
  residentKbEach: kbEach,
  ...figures,
  kills: 3,
  reconnections,
  heard,
  missed,
  repeated,
  disordered,
  resets,
  unanswered: failures.length,
});
if (missed + repeated + disordered + resets + failures.length > 0) process.exitCode = 1;
