import type { RiskDecisionRecord } from '@florin/contracts';
import { isUuid } from '@florin/kernel';
import type pg from 'pg';
import { findDecision, listDecisions, type DecisionTableRow } from '../sql/select-decisions.ts';

type Summary = Omit<RiskDecisionRecord, 'features'>;

interface Filter {
  decision?: RiskDecisionRecord['risk']['decision'] | undefined;
  walletId?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

/** What was decided, for people who want to know why. */
export function createDecisionReads(pool: pg.Pool) {
  return {
    async get(transactionId: string): Promise<RiskDecisionRecord | null> {
      type Row = DecisionTableRow & { features: Buffer; names: string[] };
      const { rows } = await pool.query<Row>({ ...findDecision, values: [transactionId] });
      const [row] = rows;
      if (row === undefined) return null;
      const { names, features } = row;
      const values = names.map((name, at): [string, number] => [
        name,
        features.readFloatLE(at * 4),
      ]);
      return { ...summaryOf(row), features: Object.fromEntries(values) };
    },

    /** Newest first. */
    async list(filter: Filter): Promise<{ items: Summary[]; nextCursor: string | null }> {
      const { decision, walletId, cursor, limit } = filter;
      const after = cursor === undefined ? undefined : readCursor(cursor);
      if (cursor !== undefined && after === undefined) return { items: [], nextCursor: null };
      const { rows } = await pool.query<DecisionTableRow>({
        ...listDecisions({ decision: decision !== undefined, wallet: walletId !== undefined }),
        values: [
          after?.at ?? null,
          after?.id ?? null,
          limit + 1,
          decision ?? null,
          walletId ?? null,
        ],
      });
      const page = rows.slice(0, limit);
      const last = rows.length > limit ? page.at(-1) : undefined;
      return { items: page.map(summaryOf), nextCursor: last ? cursorOf(last) : null };
    },
  };
}

function summaryOf(row: DecisionTableRow): Summary {
  const { label, source, reported_by: reportedBy } = row;
  const isLabelled = label !== null && source !== null && reportedBy !== null;
  return {
    transactionId: row.transaction_id,
    walletId: row.wallet_id,
    decidedAt: row.decided_at.toISOString(),
    risk: {
      score: row.score,
      decision: row.decision,
      reasons: (row.reasons ?? []) as RiskDecisionRecord['risk']['reasons'],
      modelVersion: row.model_version,
      // No feature had a part in what a policy decided.
      ...(!row.degraded && { featureVersion: row.feature_version }),
      mode: row.mode,
      degraded: row.degraded,
    },
    logit: row.logit,
    featureVersion: row.feature_version,
    position: Number(row.position),
    challengers: (row.challengers ?? []) as RiskDecisionRecord['challengers'],
    ...(row.reconstructed && { reconstructed: true }),
    ...(isLabelled && { label: { label, source, reportedBy } }),
  };
}

const cursorOf = ({ at_us: atUs, transaction_id: id }: DecisionTableRow): string =>
  Buffer.from(`${atUs} ${id}`).toString('base64url');

/** Reads what `cursorOf` wrote; undefined for what somebody made up. */
function readCursor(text: string): { at: string; id: string } | undefined {
  const [atUs = '', id = '', ...rest] = Buffer.from(text, 'base64url').toString().split(' ');
  if (!/^[0-9]{1,16}$/.test(atUs) || !isUuid(id) || rest.length > 0) return undefined;
  const ms = Math.floor(Number(atUs) / 1000);
  const micros = String(Number(atUs) % 1000).padStart(3, '0');
  return { at: new Date(ms).toISOString().replace('Z', `${micros}Z`), id };
}
