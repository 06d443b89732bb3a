import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { ShardStage } from './shard-stage.ts';

const RUN = fileURLToPath(new URL('../../services/ledger/move/run.ts', import.meta.url));

export interface MoveTold {
  pauseMs: number | null;
  rows: number;
}

/** One attempt to move a partition. Undefined when it was killed. @throws when it gave up */
export async function runMover(
  { nats, shards }: ShardStage,
  move: { partition: number; from: number; to: number },
  killAfterMs?: number,
): Promise<MoveTold | undefined> {
  const { partition, from, to } = move;
  const child = spawn(process.execPath, [RUN, 'move', ...[partition, from, to].map(String)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      NATS_URL: nats.url,
      SOURCE_OWNER_URL: shards[from]?.url,
      TARGET_OWNER_URL: shards[to]?.url,
    },
  });
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const kill = killAfterMs === undefined ? undefined : setTimeout(() => child.kill(9), killAfterMs);
  const [said, beside] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [, signal] = await ended;
  clearTimeout(kill);
  if (signal !== null) return undefined;
  if (said === '') throw new Error(`it ended without a word: ${beside.slice(-2000)}`);
  const told = JSON.parse(said) as MoveTold & { problem?: string };
  if (told.problem !== undefined) throw new Error(told.problem);
  return told;
}
