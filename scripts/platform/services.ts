import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { holdPort, type HeldPort } from '@florin/testing';
import type { PlatformOptions } from './platform.ts';
import { environmentOf, type Bank, type Surroundings } from './service-environment.ts';
import type { Instance } from './service-plan.ts';
import { serviceProgram } from './service-process.ts';
import { supervise, type Supervised, type SupervisorEvents } from './supervisor.ts';

export interface ServiceStart {
  options: PlatformOptions;
  /** Is told how to stop what runs, in the order of starting. */
  stack: AsyncDisposableStack;
  events: SupervisorEvents;
  onReady(name: string, fields: Record<string, unknown>): void;
  /** Where each instance said it serves. */
  urls: Record<string, string>;
  instances: Instance[];
  around: Surroundings;
}

/** Who keeps one address from start to start, because people and other services know it. */
const ADDRESSED = ['gateway', 'bank-simulator', 'web'];
const PORTS_FILE = 'ports.json';
/** Stopped in this order reversed: first who takes requests, last whom the others call. */
const isBank = ({ service }: Instance): boolean => service === 'bank-simulator';
const isDoor = ({ service }: Instance): boolean => service === 'gateway' || service === 'web';

/** Starts the instances; resolves when all of them are ready. */
export async function startServices(start: ServiceStart): Promise<void> {
  const { options, instances, around, urls } = start;
  const { report } = options;
  const held = await holdPorts(start);
  start.stack.defer(() => release(held, instances));
  around.ports = portsOf(start, held);
  await release(held, instances.filter(isBank));
  await runAll(start, instances.filter(isBank))();
  const simulator = urls['bank-simulator'];
  if (simulator) {
    around.banks = await banksOf(simulator);
    around.ratesUrl = await ratesUrlOf(simulator);
    around.linkingUrl = await linkingUrlOf(simulator);
  }
  const middle = runAll(
    start,
    instances.filter((one) => !isBank(one) && !isDoor(one)),
  );
  await release(held, instances.filter(isDoor));
  const doors = runAll(start, instances.filter(isDoor));
  await middle();
  await doors();
  report?.(`services: ${instances.map(({ name }) => name).join(', ')}`);
}

/** Starts some at once. They also stop at once, when what was started later has stopped. */
function runAll(start: ServiceStart, instances: Instance[]): () => Promise<void> {
  const supervised = instances.map((instance) => run(start, instance));
  start.stack.defer(async () => {
    await Promise.all(supervised.map((one) => one.stop()));
  });
  const { signal } = start.options;
  return async () => {
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const abort = (): void => reject(signal?.reason as Error);
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) abort();
    await Promise.race([Promise.all(supervised.map(({ ready }) => ready)), aborted]);
    signal?.removeEventListener('abort', abort);
  };
}

function run(start: ServiceStart, instance: Instance): Supervised {
  const { options, events, around } = start;
  const { name, service } = instance;
  const program = serviceProgram({
    name,
    service,
    env: {
      ...(process.env as Record<string, string>),
      ...withDetour(environmentOf(instance, around), service, options),
      ...options.env,
      ...options.serviceEnv?.[service],
      ...options.serviceEnv?.[name],
    },
    logFile: freshLog(around.state.file('logs'), name),
    onWarning: (line) => options.warn?.(`${name}: ${line}`),
    onReady: (fields) => start.onReady(name, fields),
  });
  return supervise(program, events);
}

const TO_SERVERS = ['NATS_URL', 'POSTGRES_URL'];

function withDetour(
  env: Record<string, string>,
  service: string,
  { detour }: PlatformOptions,
): Record<string, string> {
  if (detour === undefined) return env;
  const moved = Object.entries(env).map(([name, value]) =>
    TO_SERVERS.includes(name) ? [name, detour(service, value)] : [name, value],
  );
  return Object.fromEntries(moved) as Record<string, string>;
}

/** One log per run, and that of the run before beside it. */
function freshLog(folder: string, name: string): string {
  mkdirSync(folder, { recursive: true });
  const file = `${folder}/${name}.log`;
  if (existsSync(file)) renameSync(file, `${folder}/${name}.previous.log`);
  return file;
}

/**
 * Who has an address gets its port before anybody starts, and nobody else does in between: the
 * simulated banks look for theirs among the same ones.
 */
async function holdPorts({ around, instances }: ServiceStart): Promise<Map<string, HeldPort>> {
  const known = around.state.read<Record<string, number>>(PORTS_FILE) ?? {};
  const held = new Map<string, HeldPort>();
  for (const { name, service } of instances) {
    if (ADDRESSED.includes(service)) held.set(name, await holdPort(known[name]));
  }
  return held;
}

/** What was chosen is kept for the next start. */
function portsOf(
  { options, around: { state } }: ServiceStart,
  held: ReadonlyMap<string, HeldPort>,
): Record<string, number> {
  const ports = Object.fromEntries([...held].map(([name, { port }]) => [name, port]));
  if (options.gatewayPort) ports['gateway'] = options.gatewayPort;
  state.write(PORTS_FILE, { ...state.read<Record<string, number>>(PORTS_FILE), ...ports });
  return ports;
}

async function release(held: Map<string, HeldPort>, instances: Instance[]): Promise<void> {
  for (const { name } of instances) await held.get(name)?.release();
}

async function ratesUrlOf(simulatorUrl: string): Promise<string> {
  const answer = await fetch(new URL('/control/exchange', simulatorUrl));
  const { url } = (await answer.json()) as { url: string };
  return `${url}/rates`;
}

async function linkingUrlOf(simulatorUrl: string): Promise<string> {
  const answer = await fetch(new URL('/control/linking', simulatorUrl));
  return ((await answer.json()) as { url: string }).url;
}

async function banksOf(simulatorUrl: string): Promise<Bank[]> {
  const answer = await fetch(new URL('/control/banks', simulatorUrl));
  const { banks } = (await answer.json()) as { banks: Bank[] };
  return banks.map(({ name, url }) => ({ name, url }));
}
