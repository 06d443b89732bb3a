const COLUMNS = `
  d.transaction_id, d.wallet_id, d.decided_at, d.decision, d.mode, d.score, d.logit,
  d.model_version, d.feature_version, d.reasons, d.challengers, d.position,
  d.degraded, d.reconstructed,
  (extract(epoch FROM d.decided_at) * 1000000)::int8 AS at_us,
  l.label, l.source, l.reported_by`;

/** What was said last about a transaction. */
const LABEL = `
  LEFT JOIN LATERAL (
    SELECT label, source, reported_by FROM labels
     WHERE transaction_id = d.transaction_id ORDER BY labelled_at DESC LIMIT 1
  ) l ON true`;

export const findDecision = {
  name: 'find-decision',
  text: `
    SELECT ${COLUMNS}, d.features, s.names
      FROM decisions d JOIN feature_sets s ON s.version = d.feature_version ${LABEL}
     WHERE d.transaction_id = $1`,
};

/**
 * Newest first, after the given place. One text for each set of filters, so that each has a plan of
 * its own that follows its index.
 */
export const listDecisions = (filters: { decision: boolean; wallet: boolean }) => ({
  name: `list-decisions-${filters.decision}-${filters.wallet}`,
  text: `
    SELECT ${COLUMNS} FROM decisions d ${LABEL}
     WHERE ($1::timestamptz IS NULL OR (d.decided_at, d.transaction_id) < ($1, $2::uuid))
       AND ${filters.decision ? 'd.decision = $4' : '$4::text IS NULL'}
       AND ${filters.wallet ? 'd.wallet_id = $5' : '$5::uuid IS NULL'}
     ORDER BY d.decided_at DESC, d.transaction_id DESC LIMIT $3`,
});

export interface DecisionTableRow {
  transaction_id: string;
  wallet_id: string;
  decided_at: Date;
  decision: 'approve' | 'review' | 'block';
  mode: 'enforce' | 'shadow';
  score: number | null;
  logit: number;
  model_version: string;
  feature_version: string;
  reasons: unknown;
  challengers: unknown;
  position: bigint;
  degraded: boolean;
  reconstructed: boolean;
  at_us: bigint;
  label: 'fraud' | 'legitimate' | null;
  source: 'chargeback' | 'report' | 'review' | null;
  reported_by: string | null;
}
