import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  clearPostgres,
  eventually,
  startNats,
  startPostgres,
  type NatsServer,
  type PostgresServer,
} from '@florin/testing';
import { rebuildLedger } from '../cli/rebuild-ledger.ts';
import { openLoad, type Load } from '../faults/open-load.ts';
import { anyPayment } from '../faults/payer.ts';
import { reckon, type Reckoning } from '../faults/reckoning.ts';
import { startScratchPlatform, type ScratchPlatform } from '../platform/scratch-platform.ts';
import { startProxy, type SwitchableProxy } from './switchable-proxy.ts';

const atPort = (url: string, port: number): string => {
  const moved = new URL(url);
  moved.port = String(port);
  return moved.href;
};

const WALLETS = 12;
const CLIENTS = 8;
/** Paid before anything happens, and again when all is over. */
const PAYMENTS = 150;

/** What a rehearsal works with: servers of its own, a platform on them, and people who pay. */
export interface Stage {
  dir: string;
  nats: NatsServer;
  postgres: PostgresServer;
  platform: ScratchPlatform;
  load: Load;
  /** Between the platform and Postgres, where a rehearsal asked for it. */
  proxy: SwitchableProxy | undefined;
  say(line: string): void;
  /** Another server that the platform works with from now on: stopped after it. */
  keep(server: AsyncDisposable): void;
  /** Resolves when so many payments more are acknowledged. */
  paid(more: number): Promise<void>;
}

export interface Rehearsed extends Reckoning {
  disaster: string;
  /** From when it struck to the first payment that was told as done since. */
  silenceMs: number;
  /** The audit log makes the same books as the live ones. */
  rebuildsTheSame: boolean;
  /** What else is worth knowing, e.g. how long the operator's part took. */
  [fact: string]: unknown;
}

export interface StageOptions {
  /** By the folder of the rehearsal. */
  postgresSettings?(dir: string): Record<string, string>;
  /** Before anybody connects. */
  prepare?(around: { dir: string }): void;
  /** The platform reaches Postgres at an address that can be switched. */
  proxied?: boolean;
}

/**
 * People pay all the while; disaster strikes and is overcome; then what they were told is compared
 * with the books.
 * @param disaster answers when it struck (performance.now()), and facts to print
 */
export async function rehearse(
  name: string,
  say: (line: string) => void,
  disaster: (stage: Stage) => Promise<{ struckMs: number; facts?: Record<string, unknown> }>,
  options: StageOptions = {},
): Promise<Rehearsed> {
  const dir = mkdtempSync(join(tmpdir(), 'florin-disaster-'));
  chmodSync(dir, 0o711);
  await using stack = new AsyncDisposableStack();
  stack.defer(async () => {
    await clearPostgres(join(dir, 'postgres'));
    rmSync(dir, { recursive: true, force: true });
  });
  const settings = options.postgresSettings?.(dir) ?? {};
  const postgres = stack.use(await startPostgres({ dataDir: join(dir, 'postgres'), settings }));
  options.prepare?.({ dir });
  const proxy = options.proxied ? stack.use(await startProxy(postgres.port)) : undefined;
  const kept = stack.use(new AsyncDisposableStack());
  const nats = stack.use(await startNats({ dir: join(dir, 'nats') }));
  const platform = stack.use(
    await startScratchPlatform({
      natsUrl: nats.url,
      postgresUrl: proxy ? atPort(postgres.url, proxy.port) : postgres.url,
      fraudScoring: 'off',
    }),
  );
  const load = stack.use(await openLoad(platform, WALLETS));
  const { acknowledged, payer, wallets } = load;
  let isOver = false;
  const clients = Array.from({ length: CLIENTS }, async () => {
    while (!isOver) acknowledged.push(await payer.settle(anyPayment(wallets)));
  });
  const paid = async (more: number): Promise<void> => {
    const wanted = acknowledged.length + more;
    await eventually(() => acknowledged.length >= wanted, { timeoutMs: 240_000, everyMs: 100 });
  };
  await paid(PAYMENTS);
  say(`${acknowledged.length} payments are acknowledged; now ${name}`);
  const { struckMs, facts } = await disaster({
    dir,
    nats,
    postgres,
    platform,
    load,
    proxy,
    say,
    paid,
    keep: (server) => void kept.use(server),
  });
  await paid(PAYMENTS);
  isOver = true;
  await Promise.all(clients);
  say('comparing what people were told with the books');
  const told = acknowledged.map(({ atMs }) => atMs).toSorted((a, b) => a - b);
  const back = told.find((atMs, i) => atMs > struckMs && atMs - (told[i - 1] ?? 0) > 500);
  const silenceMs = Math.round((back ?? struckMs) - struckMs);
  const reckoning = await reckon(load.pool, load.bus, wallets, acknowledged);
  const { text, failed = false } = await rebuildLedger({ dev: platform.dev() });
  say(text);
  return { disaster: name, silenceMs, ...facts, ...reckoning, rebuildsTheSame: !failed };
}
