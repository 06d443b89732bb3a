import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AUDIT_REQUESTS } from '@florin/contracts';
import { request, type Bus } from '@florin/messaging';
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
import { anyPayment, type Acknowledged } from '../faults/payer.ts';
import { reckon, type Reckoning } from '../faults/reckoning.ts';
import type { PlatformOptions } from '../platform/platform.ts';
import { startScratchPlatform, type ScratchPlatform } from '../platform/scratch-platform.ts';
import { allServices } from '../platform/service-plan.ts';
import { mountDisk } from './small-disk.ts';
import { startProxy, type SwitchableProxy } from './switchable-proxy.ts';

const atPort = (url: string, port: number): string => {
  const moved = new URL(url);
  moved.port = String(port);
  return moved.href;
};

/** The web app stores nothing: it has nothing to lose. */
export const SERVICES = allServices().filter((service) => service !== 'web');
const WALLETS = 12;
const CLIENTS = 8;
/** Paid before anything happens, and again when all is over. */
const PAYMENTS = 150;

/** A platform that runs, and people who pay. */
export interface Crowd {
  platform: ScratchPlatform;
  load: Load;
  say(line: string): void;
  /** Resolves when so many payments more are acknowledged. */
  paid(more: number): Promise<void>;
}

/** What a rehearsal works with: servers of its own, a platform on them, and people who pay. */
export interface Stage extends Crowd {
  dir: string;
  nats: NatsServer;
  postgres: PostgresServer;
  /** Between the platform and Postgres, where a rehearsal asked for it. */
  proxy: SwitchableProxy | undefined;
  /** Another server that the platform works with from now on: stopped after it. */
  keep(server: AsyncDisposable): void;
}

/** When it struck (performance.now()), and what else is worth printing. */
export interface Struck {
  struckMs: number;
  facts?: Record<string, unknown>;
}

export interface Rehearsed extends Reckoning {
  disaster: string;
  /** From when it struck to the first payment that was told as done since. */
  silenceMs: number;
  /** The longest time in which nobody was told anything, since it struck. */
  longestSilenceMs: number;
  /** The audit log makes the same books as the live ones. */
  rebuildsTheSame: boolean;
  /** What the auditor reports. */
  auditBreaks: string[];
  /** What else is worth knowing, e.g. how long the operator's part took. */
  [fact: string]: unknown;
}

export interface StageOptions {
  /** By the folder of the rehearsal. */
  postgresSettings?(dir: string): Record<string, string>;
  /** Before anybody connects. */
  prepare?(around: { dir: string }): void;
  /** Sizes (as `mount` reads them) of disks that servers have for themselves. */
  disks?: Partial<Record<'postgres' | 'nats', string>>;
  /** The platform reaches Postgres at an address that can be switched. */
  proxied?: boolean;
  /** What else the platform is started with, by the folder of the rehearsal. */
  platform?(dir: string): Partial<Omit<PlatformOptions, 'dir'>>;
}

/**
 * Disaster strikes servers of a rehearsal's own and is overcome, while people pay.
 * @param disaster answers when it struck, and facts to print
 */
export async function rehearse(
  name: string,
  say: (line: string) => void,
  disaster: (stage: Stage) => Promise<Struck>,
  options: StageOptions = {},
): Promise<Rehearsed> {
  await using stack = new AsyncDisposableStack();
  const dir = rehearsalFolder(stack);
  for (const [server, size] of Object.entries(options.disks ?? {})) {
    stack.use(mountDisk(join(dir, server), size));
  }
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
      services: SERVICES,
      ...options.platform?.(dir),
    }),
  );
  const keep = (server: AsyncDisposable): void => void kept.use(server);
  return await whilePeoplePay(name, say, platform, (crowd) =>
    disaster({ ...crowd, dir, nats, postgres, proxy, keep }),
  );
}

/** Where the servers of a rehearsal keep what they store: gone when it is over. */
export function rehearsalFolder(stack: AsyncDisposableStack): string {
  const dir = mkdtempSync(join(tmpdir(), 'florin-disaster-'));
  // Postgres may have to run as another user, who must get in.
  chmodSync(dir, 0o711);
  stack.defer(async () => {
    await clearPostgres(join(dir, 'postgres'));
    rmSync(dir, { recursive: true, force: true });
  });
  return dir;
}

/**
 * People pay all the while; disaster strikes and is overcome; then what they were told is compared
 * with the books, and the books with what the audit log makes of them.
 */
export async function whilePeoplePay(
  name: string,
  say: (line: string) => void,
  platform: ScratchPlatform,
  disaster: (crowd: Crowd) => Promise<Struck>,
): Promise<Rehearsed> {
  await using load = await openLoad(platform, WALLETS);
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
  const { struckMs, facts } = await disaster({ platform, load, say, paid });
  await paid(PAYMENTS);
  isOver = true;
  await Promise.all(clients);
  say('comparing what people were told with the books');
  const reckoning = await reckon(load.pool, load.bus, wallets, acknowledged);
  const { text, failed = false } = await rebuildLedger({ dev: platform.dev() });
  say(text);
  return {
    disaster: name,
    ...silencesSince(struckMs, acknowledged),
    ...facts,
    ...reckoning,
    rebuildsTheSame: !failed,
    auditBreaks: await auditBreaks(load.bus),
  };
}

async function auditBreaks(bus: Bus): Promise<string[]> {
  const { breaks } = await request(bus, AUDIT_REQUESTS.listBreaks, {});
  return breaks.map(({ invariant, detail }) => `${invariant}: ${detail}`);
}

/** A pause of people that short is none. */
const PAUSE_MS = 500;

function silencesSince(struckMs: number, acknowledged: readonly Acknowledged[]) {
  const told = acknowledged.map(({ atMs }) => atMs).toSorted((a, b) => a - b);
  const silences = told
    .map((atMs, i) => ({ atMs, lastedMs: atMs - Math.max(struckMs, told[i - 1] ?? struckMs) }))
    .filter(({ atMs }) => atMs > struckMs);
  const back = silences.find(({ lastedMs }) => lastedMs > PAUSE_MS)?.atMs ?? struckMs;
  return {
    silenceMs: Math.round(back - struckMs),
    longestSilenceMs: Math.round(Math.max(0, ...silences.map(({ lastedMs }) => lastedMs))),
  };
}
