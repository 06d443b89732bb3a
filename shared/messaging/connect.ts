import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import {
  connect as dial,
  nkeyAuthenticator,
  usernamePasswordAuthenticator,
} from '@nats-io/transport-node';
import type { NatsConnection, NodeConnectionOptions, Status } from '@nats-io/transport-node';
import { faultText } from '@florin/kernel';
import type { Logger, Metrics } from '@florin/runtime';

/**
 * A dead server that keeps the socket open is seen at the third ping, 9 s: publishers, who try for
 * 20 s, still reach its successor.
 */
const PING_INTERVAL_MS = 3_000;
const RECONNECT_WAIT_MS = 200;
const RECONNECT_JITTER_MS = 300;
const STILL_WAITING_MS = 5_000;
const DRAIN_MS = 5_000;

export interface ConnectOptions {
  /** One server or several, separated by commas: nats://host:4222,nats://other:4222 */
  url: string;
  /** The service: shown in server monitoring, and part of the inbox prefix. */
  name: string;
  user?: string;
  password?: string;
  /** Seed of a nkey user (SU…). Wins over user and password. */
  nkeySeed?: string;
  /** Files in PEM form for TLS with a private authority. */
  tls?: { caFile?: string; certFile?: string; keyFile?: string };
  /** Subjects that this service's replies arrive on. Default: `_INBOX.<name>`. */
  inboxPrefix?: string;
  log: Logger;
  metrics?: Metrics;
  /** The connection ended for good and not by close(): the process can't do its work any more. */
  onClosed?(error: unknown): void;
}

/** One connection of one process, which comes back by itself however long the server is away. */
export interface Bus {
  readonly name: string;
  /** Subjects that only this service may subscribe to begin with it. */
  readonly inboxPrefix: string;
  readonly nc: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  readonly log: Logger;
  readonly metrics: Metrics | undefined;
  connected(): boolean;
  /** Calls back at every loss and return of the connection. Returns the way to stop that. */
  onConnectionChange(listener: (connected: boolean) => void): () => void;
  /** Sends what is buffered, ends the subscriptions, closes. Never takes longer than 5 s. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const inboxPrefixOf = ({ name, inboxPrefix }: ConnectOptions): string =>
  inboxPrefix ?? `_INBOX.${name}`;

function connectionOptions(options: ConnectOptions): NodeConnectionOptions {
  const { user, password, nkeySeed, tls } = options;
  const authenticator =
    nkeySeed !== undefined
      ? nkeyAuthenticator(new TextEncoder().encode(nkeySeed))
      : user !== undefined
        ? usernamePasswordAuthenticator(user, password)
        : undefined;
  return {
    servers: options.url.split(',').map((server) => server.trim()),
    name: options.name,
    inboxPrefix: inboxPrefixOf(options),
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_WAIT_MS,
    reconnectJitter: RECONNECT_JITTER_MS,
    reconnectJitterTLS: RECONNECT_JITTER_MS,
    waitOnFirstConnect: true,
    pingInterval: PING_INTERVAL_MS,
    // Credentials that are being rotated are refused for a moment: that must not end the service.
    ignoreAuthErrorAbort: true,
    ...(authenticator === undefined ? {} : { authenticator }),
    ...(tls === undefined ? {} : { tls }),
  };
}

const withoutPasswords = (urls: string): string => urls.replaceAll(/\/\/[^@/,]*@/g, '//');

async function dialPatiently(options: ConnectOptions): Promise<NatsConnection> {
  const reminder = setInterval(() => {
    options.log.warn({ servers: withoutPasswords(options.url) }, 'still waiting for a nats-server');
  }, STILL_WAITING_MS);
  try {
    return await dial(connectionOptions(options));
  } finally {
    clearInterval(reminder);
  }
}

async function drainWithin(nc: NatsConnection, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([nc.drain().catch(() => undefined), tooLong]);
  clearTimeout(timer);
}

function logStatus(log: Logger, status: Status): void {
  switch (status.type) {
    case 'disconnect':
      return log.warn({ server: status.server }, 'lost the nats-server');
    case 'reconnect':
      return log.info({ server: status.server }, 'back on a nats-server');
    case 'staleConnection':
      return log.warn('the nats-server stopped answering pings');
    case 'error':
      return log.error({ err: status.error }, 'the nats-server reported an error');
    case 'ldm':
      return log.info({ server: status.server }, 'the nats-server is about to stop');
    default:
      return log.debug({ status: status.type }, 'nats status');
  }
}

/**
 * Connects and stays connected: waits for the first server as long as it takes, reconnects for
 * ever with jitter. Gauge `messaging_connected` is 1 while connected.
 * @throws when the options can't work, e.g. a malformed seed
 */
export async function connect(options: ConnectOptions): Promise<Bus> {
  const { log, metrics } = options;
  const nc = await dialPatiently(options);
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const listeners = new Set<(connected: boolean) => void>();
  const gauge = metrics?.gauge({
    name: 'messaging_connected',
    help: '1 while the process is connected to a nats-server',
  });
  let connected = true;
  let closing: Promise<void> | undefined;
  gauge?.set(1);

  function change(now: boolean): void {
    if (connected === now) return;
    connected = now;
    gauge?.set(now ? 1 : 0);
    for (const listener of listeners) listener(now);
  }

  async function followStatus(): Promise<void> {
    for await (const status of nc.status()) {
      logStatus(log, status);
      if (status.type === 'disconnect') change(false);
      if (status.type === 'reconnect') change(true);
    }
  }

  void followStatus();
  void nc.closed().then((error) => {
    change(false);
    if (closing !== undefined) return;
    log.fatal({ err: error ?? undefined }, `the connection ended for good: ${faultText(error)}`);
    options.onClosed?.(error);
  });

  async function drainAndClose(): Promise<void> {
    // Draining needs the server.
    if (connected) await drainWithin(nc, DRAIN_MS);
    if (!nc.isClosed()) await nc.close();
  }

  const close = (): Promise<void> => (closing ??= drainAndClose());
  return {
    name: options.name,
    inboxPrefix: inboxPrefixOf(options),
    nc,
    js: jetstream(nc),
    jsm,
    log,
    metrics,
    connected: () => connected,
    onConnectionChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
