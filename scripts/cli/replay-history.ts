import { resolve } from 'node:path';
import { createScorer, loadArtefact, type Decision } from '@florin/ml/artefact';
import { F, FEATURE_HASH } from '@florin/ml/features';
import { startBackend } from '@florin/ml/model';
import { createReplay, describeReplay, type RecordedDecision } from '@florin/ml/replay';
import { createHotPool } from '@florin/postgres';
import { serviceDatabase } from './local-servers.ts';
import { NO_PROGRESS, type Progress } from './progress.ts';
import type { Report } from './report.ts';
import type { Session } from './session.ts';

export interface ReplayOptions {
  model: string;
  since: string | undefined;
  databaseUrl: string | undefined;
}

interface DecisionRow extends Record<string, unknown> {
  transaction_id: string;
  decision: Decision;
  feature_version: string;
  features: Buffer;
  label: 'fraud' | 'legitimate' | null;
}

/** A history need not fit into memory. */
const ROWS_AT_ONCE = 5_000;

/** Before the first id, so that a page begins after it. */
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

const PAGE = `
  SELECT d.transaction_id, d.decision, d.feature_version, d.features,
         (SELECT l.label FROM labels l WHERE l.transaction_id = d.transaction_id
           ORDER BY l.labelled_at DESC LIMIT 1) AS label
    FROM decisions d
   WHERE d.transaction_id > $1 AND d.decided_at >= $2 AND NOT d.reconstructed
   ORDER BY d.transaction_id LIMIT ${ROWS_AT_ONCE}`;

const COUNT = `
  SELECT count(*)::int AS all FROM decisions WHERE decided_at >= $1 AND NOT reconstructed`;

function recordedOf({ decision, features: bytes, label }: DecisionRow): RecordedDecision {
  // A copy: a row's bytes may begin anywhere, and floats must not.
  const features = new Float32Array(new Uint8Array(bytes).buffer);
  const type = features[F.deposit] ? 'deposit' : features[F.withdrawal] ? 'withdrawal' : 'transfer';
  const cents = Math.round((features[F.amount] as number) * 100);
  return { features, type, cents, decision, label: label ?? undefined };
}

async function openCandidate(folder: string) {
  await startBackend('wasm');
  const loaded = await loadArtefact(resolve(folder));
  if (!loaded.ok) throw new Error(`the model in ${folder} can not be used: ${loaded.error}`);
  const { policy, manifest } = loaded.value;
  return { policy, manifest, scorer: createScorer(loaded.value) };
}

/**
 * Runs the recorded decisions through another model and tells what it would have changed, in
 * payments and in money. Decisions made of other features than the model's are left out, and so are
 * those whose features were made afterwards: they are not what the decision came from.
 */
export async function replayHistory(
  { dev }: Pick<Session, 'dev'>,
  options: ReplayOptions,
  progress: Progress = NO_PROGRESS,
): Promise<Report> {
  const postgresUrl = options.databaseUrl ?? (dev && serviceDatabase(dev.postgresUrl, 'fraud'));
  if (postgresUrl === undefined) throw new Error('give --database-url of the fraud database');
  const { policy, manifest, scorer } = await openCandidate(options.model);
  const replay = createReplay({ policy, scorer });
  const pool = createHotPool({ url: postgresUrl, applicationName: 'cli', max: 1 });
  let after = BEFORE_ALL;
  let others = 0;
  const since = options.since ?? '-infinity';
  try {
    const counted = await pool.query<{ all: number }>(COUNT, [since]);
    progress.begin('decisions replayed', counted.rows[0]?.all ?? 0);
    for (;;) {
      const { rows } = await pool.query<DecisionRow>(PAGE, [after, since]);
      const fitting = rows.filter((row) => FEATURE_HASH.startsWith(row.feature_version));
      others += rows.length - fitting.length;
      progress.advance(rows.length);
      if (fitting.length > 0) replay.add(fitting.map(recordedOf));
      if (rows.length < ROWS_AT_ONCE) break;
      after = rows.at(-1)?.transaction_id ?? after;
    }
  } finally {
    await pool.end();
    scorer[Symbol.dispose]();
  }
  const report = replay.report();
  const left = others === 0 ? '' : `\n${others} decisions of other features were left out.\n`;
  return {
    data: { modelVersion: manifest.modelVersion, leftOut: others, ...report },
    text: describeReplay(report, manifest.modelVersion) + left,
  };
}
