import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text as textOf } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { formatTable } from './format-table.ts';
import { shardDatabase } from './local-servers.ts';
import type { Progress } from './progress.ts';
import type { Report } from './report.ts';
import type { Session } from './session.ts';

const MOVE = fileURLToPath(new URL('../../services/ledger/move/run.ts', import.meta.url));

export interface MoveOptions {
  partition: number;
  from: number;
  to: number;
  /** The databases of both shards as their owner, and the server; of the local run if left out. */
  sourceUrl?: string | undefined;
  targetUrl?: string | undefined;
  natsUrl?: string | undefined;
  dryRun?: boolean | undefined;
  callOff?: boolean | undefined;
}

interface Answer {
  problem?: string;
  obstacles?: string[];
  version?: number;
  looks?: number;
  rows?: number;
  pauseMs?: number | null;
}

/** Runs the mover beside the ledgers, as the owner of their books. */
async function ask(
  { dev, ledgerSeed }: Pick<Session, 'dev' | 'ledgerSeed'>,
  what: string,
  options: MoveOptions,
  progress: Progress,
): Promise<Answer> {
  const { partition, from, to } = options;
  const source = options.sourceUrl ?? (dev && shardDatabase(dev.postgresUrl, from));
  const target = options.targetUrl ?? (dev && shardDatabase(dev.postgresUrl, to));
  const natsUrl = options.natsUrl ?? dev?.natsUrl;
  if (source === undefined || target === undefined || natsUrl === undefined) {
    throw new Error('give --source-url, --target-url and --nats-url');
  }
  const child = spawn(process.execPath, [MOVE, what, ...[partition, from, to].map(String)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      SOURCE_OWNER_URL: source,
      TARGET_OWNER_URL: target,
      NATS_URL: natsUrl,
      ...(options.natsUrl === undefined && ledgerSeed && { NATS_NKEY: ledgerSeed }),
    },
  });
  const ended = once(child, 'exit');
  child.stderr.setEncoding('utf8').on('data', (lines: string) => {
    const last = lines.trim().split('\n').at(-1) ?? '';
    progress.begin(last, 0);
  });
  const said = await textOf(child.stdout);
  await ended;
  return JSON.parse(said || '{"problem":"it broke off: run it again, it carries on"}') as Answer;
}

/**
 * Moves a partition from one shard of the books to another, or carries on where it was ended. Only
 * looks whether it could with `dryRun`.
 */
export async function movePartition(
  session: Pick<Session, 'dev' | 'ledgerSeed'>,
  options: MoveOptions,
  progress: Progress,
): Promise<Report> {
  const { partition, from, to } = options;
  const what = options.dryRun ? 'check' : options.callOff ? 'call-off' : 'move';
  const data = await ask(session, what, options, progress);
  if (data.problem !== undefined) throw new Error(data.problem);
  if (what === 'check') {
    const { obstacles = [] } = data;
    const failed = obstacles.length > 0;
    const can = `partition ${partition} can be moved from shard ${from} to shard ${to}`;
    return { data, text: failed ? obstacles.join('\n') : can, failed };
  }
  if (what === 'call-off') return { data, text: `partition ${partition} is in shard ${from}` };
  const pause = data.pauseMs ?? undefined;
  const facts = [[partition, to, data.version, data.rows, pause && `${Math.round(pause)} ms`]];
  const titles = ['partition', 'is in shard', 'map', 'rows copied', 'stood still for'];
  return { data, text: formatTable(titles, facts) };
}
