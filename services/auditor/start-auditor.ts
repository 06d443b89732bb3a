import { AUDIT_REQUESTS, STREAMS } from '@florin/contracts';
import { present, type Clock } from '@florin/kernel';
import { serve, type Bus, type Publisher, type Verifier } from '@florin/messaging';
import { createLeaseKeeper } from '@florin/postgres';
import type { Logger, Metrics } from '@florin/runtime';
import type pg from 'pg';
import { readWitness } from './adapters/published-roots.ts';
import { createAppendBatch } from './append-batch.ts';
import { collectAuditMetrics } from './audit-metrics.ts';
import { createRootVerifier, type createRootSigner } from './domain/signed-root.ts';
import { SOURCES } from './domain/sources.ts';
import { followSource, type Following } from './follow-source.ts';
import { listRecords } from './list-records.ts';
import { proveTransaction } from './prove-transaction.ts';
import { createSignRoot } from './sign-root.ts';
import { listBreaks } from './sql/breaks.ts';
import { readLag } from './sql/sources.ts';
import { verifyLog, type Verification } from './verify-log.ts';

export interface AuditorParts {
  bus: Bus;
  /** Appends and questions. */
  pool: pg.Pool;
  /** Verifications, whose statements may take long. */
  reads: pg.Pool;
  /** Heartbeats must not queue behind the work that they vouch for. */
  leases: pg.Pool;
  owner: string;
  leaseMs: number;
  rootIntervalMs: number;
  rootRecordsMax: number;
  verify: Verifier;
  signer: ReturnType<typeof createRootSigner>;
  /** Public keys of roots that were signed before. */
  earlierKeys: readonly string[];
  publisher: Publisher;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
}

export interface Auditor {
  /** Signs a root now, where anything has happened. */
  signRoot: ReturnType<typeof createSignRoot>;
  verify(from?: Date): Promise<Verification & { seconds: number }>;
  stop(): Promise<void>;
}

/** Whoever follows the ledger's events signs the roots, too. */
const SIGNING = SOURCES.findIndex(({ stream }) => stream === STREAMS.events);

/** Follows the sources whose leases are ours, and signs roots while the first of them is. */
export async function startAuditor(parts: AuditorParts): Promise<Auditor> {
  const { bus, pool, log, metrics, clock } = parts;
  const figures = collectAuditMetrics(metrics, pool);
  const following = new Map<number, Following>();
  const signRoot = createSignRoot(parts);
  let unsigned = 0;
  let signing: Promise<unknown> = Promise.resolve();

  function signSoon(): void {
    unsigned = 0;
    if (following.has(SIGNING)) signing = signing.then(signRoot);
  }

  const appendBatch = createAppendBatch({
    pool,
    verify: parts.verify,
    onRefused({ stream }, { sequence, subject }, problem) {
      figures.refused.inc({ stream });
      log.error({ stream, sequence, subject, problem }, 'a message is no event');
    },
    onAppended({ stream }, records) {
      figures.appended.inc({ stream }, records);
      unsigned += records;
      if (unsigned >= parts.rootRecordsMax) signSoon();
    },
  });

  const leases = createLeaseKeeper({
    pool: parts.leases,
    table: 'sources',
    owner: parts.owner,
    leaseMs: parts.leaseMs,
    log,
    metrics,
    clock,
    onAcquired(partition, epoch) {
      const source = present(SOURCES[partition], 'source');
      const onFenced = (): void => leases.fenced(partition);
      following.set(
        partition,
        followSource({ bus, pool, appendBatch, log, onFenced }, source, epoch),
      );
    },
    async onLost(partition) {
      const followed = following.get(partition);
      following.delete(partition);
      await followed?.stop();
    },
  });
  const timer = setInterval(signSoon, parts.rootIntervalMs);

  const verifier = createRootVerifier([parts.signer.publicKey, ...parts.earlierKeys]);
  async function verifyNow(from?: Date) {
    const startedMs = clock.monotonicMs();
    const deps = { pool: parts.reads, verifier, witness: () => readWitness(bus) };
    const found = await verifyLog(deps, from);
    const seconds = (clock.monotonicMs() - startedMs) / 1000;
    figures.noteVerification(found.ok);
    const { ok, records, roots, breaks } = found;
    log[ok ? 'info' : 'fatal']({ ok, records, roots, seconds, breaks }, 'the log was verified');
    return { ...found, seconds };
  }
  const verify = oneAtATime(verifyNow);

  const served = [
    serve(bus, AUDIT_REQUESTS.verifyLog, async ({ from }) => {
      const found = await verify(from === undefined ? undefined : new Date(from));
      return { ...found, checkedAt: new Date(clock.nowMs()).toISOString() };
    }),
    serve(bus, AUDIT_REQUESTS.listRecords, (query) => listRecords(parts.reads, query)),
    serve(bus, AUDIT_REQUESTS.proveTransaction, async ({ transactionId }) => ({
      proofs: await proveTransaction(parts.reads, verifier, transactionId),
    })),
    serve(bus, AUDIT_REQUESTS.listBreaks, async () => {
      const lag = await readLag(parts.reads);
      const lagSeconds = Math.max(0, ...lag.map(({ seconds }) => seconds));
      return { lagSeconds, breaks: await listBreaks(parts.reads) };
    }),
  ];
  await leases.start();
  return {
    signRoot,
    verify,
    async stop() {
      clearInterval(timer);
      await Promise.all(served.map((one) => one.stop()));
      await leases.stop();
      await signing;
    },
  };
}

/** The whole log is read for it: whoever asks the same meanwhile gets the same answer. */
function oneAtATime<T>(work: (from?: Date) => Promise<T>): (from?: Date) => Promise<T> {
  const running = new Map<number, Promise<T>>();
  let last: Promise<unknown> = Promise.resolve();
  return (from) => {
    const key = from?.getTime() ?? 0;
    const known = running.get(key);
    if (known !== undefined) return known;
    const begun = last.then(() => work(from)).finally(() => running.delete(key));
    running.set(key, begun);
    last = begun.catch(() => undefined);
    return begun;
  };
}
