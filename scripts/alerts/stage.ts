import { connect, type Bus } from '@florin/messaging';
import { createHotPool } from '@florin/postgres';
import { createLogger } from '@florin/runtime';
import { eventually } from '@florin/testing';
import type pg from 'pg';
import { offerOrders, type OfferedLanes } from '../bench/offer-orders.ts';
import { startProxiedPlatform, type ProxiedPlatform } from '../chaos/proxied-platform.ts';
import { machineToken } from '../faults/machine-token.ts';
import { createRestClient, type RestClient } from '../platform/rest-client.ts';
import {
  PROVIDER,
  PROVIDER_SECRETS,
  startPayoutProvider,
  type PayoutProvider,
} from './payout-provider.ts';

/** A running platform on which things can go wrong, and the hands to make them. */
export interface Stage extends AsyncDisposable {
  proxied: ProxiedPlatform;
  client: RestClient;
  bus: Bus;
  /** Pays money out beside the simulated banks. */
  provider: PayoutProvider;
  /** Opened by the client, with money. */
  wallets: string[];
  /** Rows of a service's database, as its superuser. */
  sql(service: string, text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  pool(service: string): pg.Pool;
  /** Orders straight into the lanes, until all are decided or patience ends. */
  offer(order: Order): Promise<void>;
  signal(process: string, signal: NodeJS.Signals): void;
  /** Kills a process, and waits until its supervisor has another one ready. */
  restart(process: string): Promise<void>;
}

interface Order {
  rate: number;
  seconds: number;
  /** Default: initiated, which is scored. */
  stage?: 'initiated' | 'ready';
  amount?: () => number;
  /** Default: all. */
  wallets?: readonly string[];
  /** Patience after the last one, in seconds; default 1. */
  patience?: number;
}

/** The auditor knows only what events tell: money that came otherwise would break its books. */
const PAYERS = 48;
const FUNDING = '10000000';
const RESTARTED_WITHIN_MS = 60_000;

async function openWallets(client: RestClient): Promise<string[]> {
  const wallets: string[] = [];
  for (let index = 0; index < PAYERS; index++) {
    const opened = await client.post('/v1/wallets', { currency: 'USD', name: `payer ${index}` });
    const { id } = client.expect<{ id: string }>(opened, 201);
    const body = { walletId: id, amount: FUNDING, bankAccount: 'ok' };
    client.expect(await client.post('/v1/deposits', body, `fund-${id}`), 201, 202);
    wallets.push(id);
  }
  return wallets;
}

/** So often a mail is tried before it is given up, each time a second after the last. */
export const MAIL_RETRIES: readonly number[] = Array.from({ length: 200 }, () => 1_000);

const STALLING = '--import ./scripts/alerts/stall-on-signal.ts';

/**
 * @param ledgerShards databases that the books lie in
 * @returns why there is none, where a program can't be had
 */
export async function openStage(ledgerShards = 1): Promise<Stage | string> {
  await using stack = new AsyncDisposableStack();
  const provider = stack.use(await startPayoutProvider());
  const serviceEnv = {
    notifications: { NODE_OPTIONS: STALLING, MAIL_RETRIES: JSON.stringify(MAIL_RETRIES) },
    rewards: { TAKE_BACK_PAUSES: '[500]' },
    banking: { BANK_SECRETS: JSON.stringify({ [PROVIDER]: PROVIDER_SECRETS }) },
  };
  const proxied = await startProxiedPlatform(
    { fraudScoring: 'shadow', serviceEnv, ledgerShards },
    ['fraud'],
    [{ name: PROVIDER, provider: 'stripe', url: provider.url }],
  );
  if (typeof proxied === 'string') return proxied;
  stack.use(proxied);
  const { platform, natsUrl, postgresUrl } = proxied;
  const { gatewayUrl, oauthClient } = platform.dev();
  const client = createRestClient(gatewayUrl, await machineToken(gatewayUrl, oauthClient)());
  const pools = new Map<string, pg.Pool>();
  stack.defer(async () => {
    await Promise.all([...pools.values()].map((one) => one.end()));
  });
  function pool(service: string): pg.Pool {
    const url = new URL(postgresUrl);
    url.pathname = `/florin_${service}`;
    const found =
      pools.get(service) ?? createHotPool({ url: url.href, applicationName: 'rehearsal' });
    pools.set(service, found);
    return found;
  }
  const log = createLogger('rehearsal', 'fatal');
  const bus = stack.use(await connect({ url: natsUrl, name: 'rehearsal', log }));
  const [[kid, key]] = Object.entries(platform.secrets().signingKeys['gateway'] ?? {}) as [
    [string, string],
  ];
  const wallets = await openWallets(client);
  const signal = (name: string, what: NodeJS.Signals): void => {
    const pid = platform.pidOf(name);
    if (pid !== undefined) process.kill(pid, what);
  };
  const owned = stack.move();
  return {
    proxied,
    client,
    bus,
    provider,
    wallets,
    pool,
    signal,
    sql: async (service, text, values = []) => (await pool(service).query(text, values)).rows,
    async offer({ rate, seconds, stage = 'initiated', amount, patience = 1, ...more }) {
      const lanes: OfferedLanes = {
        bus,
        wallets: more.wallets ?? wallets,
        key: { kid, key },
        ...(amount && { amount }),
      };
      const forMs = seconds * 1000;
      const untilMs = performance.now() + forMs + patience * 1000;
      await offerOrders(lanes, { stage, rate, forMs, untilMs });
    },
    async restart(name) {
      const before = platform.pidOf(name);
      signal(name, 'SIGKILL');
      await eventually(
        async () => {
          const now = platform.pidOf(name);
          if (now === undefined || now === before) return false;
          return (await fetch(new URL('/livez', platform.dev().metrics[name]))).ok;
        },
        { timeoutMs: RESTARTED_WITHIN_MS, everyMs: 100 },
      );
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
