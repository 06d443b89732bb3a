import { setTimeout as delay } from 'node:timers/promises';
import { faultText } from '@florin/kernel';
import { readPartition, streamState, type Bus, type Incoming } from '@florin/messaging';
import { UnknownCommitError } from '@florin/postgres';
import { backoffMs, type Logger } from '@florin/runtime';
import type pg from 'pg';
import type { AppendBatch } from './append-batch.ts';
import type { Source } from './domain/sources.ts';
import { insertBreaks } from './sql/breaks.ts';
import { readSource } from './sql/sources.ts';

/** Messages of the ledger carry up to 500 events, most carry few. */
const MESSAGES_MAX = 500;
/** So few that the proof of a record fits one message even when all of these are in its chain. */
const BYTES_MAX = 4 * 1024 * 1024;
const WAITING_MAX = 2000;
/** What comes within it is written together: the log may be a moment behind, commits cost. */
const GATHER_MS = 100;
const RETRY = { baseMs: 100, capMs: 5_000 };

export interface FollowDeps {
  bus: Bus;
  pool: pg.Pool;
  appendBatch: AppendBatch;
  log: Logger;
  /** The source is no longer ours. */
  onFenced(partition: number): void;
}

export interface Following {
  stop(): Promise<void>;
}

/** Takes the next batch from what waits: so many messages as are read and written in one go. */
function takeBatch(waiting: Incoming[]): Incoming[] {
  let bytes = 0;
  let length = 0;
  for (const { body } of waiting) {
    bytes += body.length;
    if (length === MESSAGES_MAX || (length > 0 && bytes > BYTES_MAX)) break;
    length += 1;
  }
  return waiting.splice(0, length);
}

/**
 * Where to read on in the stream as it is now. One that was created anew is read from its
 * beginning, one that went back from its end: what is written down stays, and what comes twice is
 * known by its id. Both are breaks.
 */
async function startOf({ bus, pool }: FollowDeps, source: Source, epoch: bigint) {
  const row = await readSource(pool, source.partition, epoch);
  if (row === undefined) return undefined;
  const { createdAt, firstSequence, lastSequence } = await streamState(bus, source.stream);
  const position = Number(row.position);
  const isSame = row.streamCreatedAt === null || row.streamCreatedAt === createdAt;
  const startAfter = isSame ? Math.min(position, lastSequence) : 0;
  const report = (detail: string) =>
    insertBreaks(pool, [
      {
        key: `stream:${detail}`,
        invariant: 'streams only grow',
        detail: `${source.stream} ${detail}`,
      },
    ]);
  if (!isSame) await report(`was created anew at ${createdAt}`);
  else if (startAfter < position) await report(`went back from ${position} to ${lastSequence}`);
  else if (position > 0 && firstSequence > position + 1) {
    await report(`lost its messages ${position + 1} to ${firstSequence - 1} before they were read`);
  }
  return { createdAt, startAfter };
}

/** Follows a source for as long as its lease is ours: reads ahead, and writes in batches. */
export function followSource(deps: FollowDeps, source: Source, epoch: bigint): Following {
  const log = deps.log.child({ stream: source.stream });
  const stopping = new AbortController();
  const isStopped = (): boolean => stopping.signal.aborted;
  const stopped = new Promise<void>((resolve) => {
    stopping.signal.addEventListener('abort', () => resolve(), { once: true });
  });

  /** One reader's life: it ends with us, with its stream, or with a commit nobody knows of. */
  async function session(): Promise<void> {
    const start = await startOf(deps, source, epoch);
    if (start === undefined) return fenced();
    const { createdAt: streamCreatedAt, startAfter } = start;
    const waiting: Incoming[] = [];
    let arrived = Promise.withResolvers<void>();
    let disordered = false;
    const reader = readPartition(deps.bus, {
      stream: source.stream,
      filterSubject: source.filterSubject,
      startAfter,
      createdAt: streamCreatedAt,
      onMessage(message) {
        waiting.push({ ...message, body: Buffer.from(message.body), header: message.header });
        if (waiting.length > WAITING_MAX) reader.pause();
        arrived.resolve();
      },
      onDisorder() {
        disordered = true;
        arrived.resolve();
      },
    });
    try {
      while (!isStopped()) {
        await Promise.race([arrived.promise, stopped]);
        arrived = Promise.withResolvers<void>();
        const gathering = { signal: stopping.signal };
        await delay(GATHER_MS, undefined, gathering).catch(() => undefined);
        while (waiting.length > 0 && !isStopped()) {
          const messages = takeBatch(waiting);
          if (!(await write({ source, epoch, streamCreatedAt, messages }))) return;
          if (waiting.length < WAITING_MAX / 2) reader.resume();
        }
        if (disordered) return;
      }
    } finally {
      await reader.stop();
    }
  }

  function fenced(): void {
    stopping.abort();
    deps.onFenced(source.partition);
  }

  /** Writes a batch, however long the database is away. False when this session is over. */
  async function write(batch: Parameters<AppendBatch>[0]): Promise<boolean> {
    for (let tries = 1; !isStopped(); tries++) {
      try {
        if ((await deps.appendBatch(batch)) === 'appended') return true;
        fenced();
        return false;
      } catch (error) {
        log.warn({ err: error }, `a batch is not written yet: ${faultText(error)}`);
        // It may be in: the stored position tells, and the next session starts from that.
        if (error instanceof UnknownCommitError) return false;
        await rest(tries);
      }
    }
    return false;
  }

  async function rest(tries: number): Promise<void> {
    const { signal } = stopping;
    await delay(backoffMs(tries, RETRY), undefined, { signal }).catch(() => undefined);
  }

  async function run(): Promise<void> {
    for (let tries = 1; !isStopped(); tries++) {
      try {
        await session();
      } catch (error) {
        if (!isStopped()) log.warn({ err: error }, `not followed now: ${faultText(error)}`);
      }
      if (!isStopped()) await rest(tries);
    }
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
