import type { FlagVariant } from '@florin/contracts';
import { present } from '@florin/kernel';
import { PROVISION_USER } from '@florin/messaging';
import { endLeftover } from '@florin/testing';
import { prepareDatabases } from './databases.ts';
import { DEMO_CLIENT, DEMO_EMAILS } from './demo-accounts.ts';
import { seedDemoData } from './demo-data.ts';
import { createDevFile, lastProcesses, type DevFile, type LiveDevFile } from './dev-file.ts';
import { FLAG_USER, setInitialFlag } from './initial-flag.ts';
import { prepareLedgerShards } from './ledger-shards.ts';
import { provisionTopology } from './provision-topology.ts';
import { readSecrets, type Secrets } from './secrets.ts';
import { startNatsBackbone, startPostgresBackbone, type Backbone } from './servers.ts';
import { startServices } from './services.ts';
import { allServices, instancesOf } from './service-plan.ts';
import { mainOf } from './service-process.ts';
import { clearState, openStateFolder, type StateFolder } from './state-folder.ts';
import type { SupervisorEvents } from './supervisor.ts';

export interface PlatformOptions {
  /** Everything that lasts lies here. */
  dir: string;
  /** Default: every service that has a main.ts. */
  services?: string[];
  /** Processes per service, default 1. */
  scale?: Record<string, number>;
  /** Databases that the books lie in, each with a ledger process of its own. Default 1. */
  ledgerShards?: number;
  /** Added to the environment of every service. */
  env?: Record<string, string>;
  /** Added to the environment of one service, or of one instance of it. */
  serviceEnv?: Record<string, Record<string, string>>;
  /** Servers of somebody else: used, never started or stopped. */
  postgresUrl?: string | undefined;
  natsUrl?: string | undefined;
  /** Copies of each stream, in a cluster of somebody else's. */
  streamReplicas?: number;
  postgresSettings?: Record<string, string>;
  /** The way of a service to a server, e.g. through a proxy. Default: straight there. */
  detour?(service: string, url: string): string;
  gatewayPort?: number | undefined;
  /** Deletes first what earlier runs stored. */
  fresh?: boolean;
  /**
   * Set before any service starts. Default: as it was left, at first `shadow`; and `off` where the
   * fraud service is not among those that start.
   */
  fraudScoring?: FlagVariant;
  /** Default true: demo people with money. */
  demo?: boolean;
  /** Stops a start that is under way. */
  signal?: AbortSignal;
  /** Progress, one line each. */
  report?(line: string): void;
  /** What people should see: warnings of services, processes that ended. */
  warn?(line: string): void;
}

export interface Platform extends AsyncDisposable {
  /** The present content of dev.json. */
  dev(): DevFile;
  /** Undefined while the supervisor waits before it starts the process again. */
  pidOf(name: string): number | undefined;
  /** Services gracefully first, those that take requests before all others; then the servers. */
  stop(): Promise<void>;
}

/**
 * Starts all of Florin as processes of their own, kept running by a supervisor. Resolves when each
 * one is ready and the demo data is there; when it throws, nothing is left running.
 */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { report = ignore, warn = ignore } = options;
  await using stack = new AsyncDisposableStack();
  const state = await takeState(options, stack);
  const dev = createDevFile(state);
  stack.defer(async () => dev.withdraw());
  const events: SupervisorEvents = {
    onPid: dev.setPid,
    onTrouble: (name, text) => warn(`${name}: ${text}`),
  };
  const services = options.services ?? allServices();
  const secrets = readSecrets(state, services, DEMO_EMAILS);

  const postgres = await startedPostgres(options, state, events);
  defer(stack, postgres);
  report(`Postgres: ${postgres.how}`);
  const prepared = await prepareDatabases(postgres.url, services, secrets.databasePasswords);
  const { urls: databaseUrls, applied } = prepared;
  const ledgerShards = options.ledgerShards ?? 1;
  Object.assign(
    databaseUrls,
    await prepareLedgerShards(postgres.url, ledgerShards, secrets.databasePasswords),
  );
  report(`databases: ${Object.keys(databaseUrls).join(', ')} (${applied} new migrations)`);
  options.signal?.throwIfAborted();

  const nats = await startedNats(options, state, events, secrets);
  defer(stack, nats);
  report(`nats-server: ${nats.how}`);
  const natsSeeds = nats.supervised === undefined ? {} : secrets.natsSeeds;
  const changes = await provisionTopology(
    nats.url,
    natsSeeds[PROVISION_USER],
    options.streamReplicas,
  );
  report(`streams: ${changes || 'no'} changes`);
  const scoring = options.fraudScoring ?? (services.includes('fraud') ? undefined : 'off');
  if (scoring) await setInitialFlag(nats.url, natsSeeds[FLAG_USER], scoring);
  options.signal?.throwIfAborted();

  await startServices({
    options,
    stack,
    events,
    onReady: dev.setReady,
    urls: dev.urls,
    instances: instancesOf(services, {
      ...options.scale,
      ...(ledgerShards > 1 && { ledger: ledgerShards }),
    }),
    around: {
      state,
      secrets,
      natsUrl: nats.url,
      natsSeeds,
      databaseUrls,
      ledgerShards,
      ports: {},
      banks: [],
    },
  });
  await publish(options, dev, { postgresUrl: postgres.url, natsUrl: nats.url, secrets });
  const owned = stack.move();
  const stop = (): Promise<void> => owned.disposeAsync();
  return {
    dev: () => present(dev.current(), 'dev.json'),
    pidOf: dev.pidOf,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

const ignore = (): void => undefined;

function defer(stack: AsyncDisposableStack, { supervised }: Backbone): void {
  if (supervised) stack.defer(() => supervised.stop());
}

/** The folder, locked, cleared when that was asked for, and free of what a killed run left. */
async function takeState(
  { dir, fresh, postgresUrl, natsUrl, report }: PlatformOptions,
  stack: AsyncDisposableStack,
): Promise<StateFolder> {
  if (fresh && (postgresUrl || natsUrl)) {
    throw new Error(
      'a fresh start clears only our own servers, not those of POSTGRES_URL, NATS_URL',
    );
  }
  const state = openStateFolder(dir);
  stack.defer(async () => state.release());
  // Services end by themselves when their supervisor dies, but that takes its time.
  for (const [name, pid] of Object.entries(lastProcesses(state))) {
    await endLeftover(pid, mainOf(name.replace(/-\d+$/, '')), 'SIGTERM');
  }
  if (fresh) {
    await clearState(state);
    report?.('cleared what earlier runs stored');
  }
  return state;
}

const startedPostgres = async (
  { postgresUrl, postgresSettings }: PlatformOptions,
  state: StateFolder,
  events: SupervisorEvents,
): Promise<Backbone> =>
  postgresUrl
    ? { url: postgresUrl, how: 'yours, from POSTGRES_URL' }
    : startPostgresBackbone(state, events, postgresSettings);

const startedNats = async (
  { natsUrl, report = ignore }: PlatformOptions,
  state: StateFolder,
  events: SupervisorEvents,
  secrets: Secrets,
): Promise<Backbone> =>
  natsUrl
    ? { url: natsUrl, how: 'yours, from NATS_URL' }
    : startNatsBackbone(state, events, secrets, report);

async function publish(
  { demo = true, report, signal }: PlatformOptions,
  dev: LiveDevFile,
  facts: { postgresUrl: string; natsUrl: string; secrets: Secrets },
): Promise<void> {
  const { gateway: gatewayUrl = '' } = dev.urls;
  const users = demo && gatewayUrl ? await seedDemoData(gatewayUrl, facts.secrets) : [];
  if (users.length > 0) report?.(`demo data: ${users.map(({ email }) => email).join(', ')}`);
  signal?.throwIfAborted();
  dev.publish({
    gatewayUrl,
    webUrl: dev.urls['web'] ?? gatewayUrl,
    bankSimulatorUrl: dev.urls['bank-simulator'] ?? '',
    natsUrl: facts.natsUrl,
    postgresUrl: facts.postgresUrl,
    users,
    oauthClient: {
      clientId: DEMO_CLIENT.clientId,
      clientSecret: facts.secrets.clientSecret,
    },
  });
}
