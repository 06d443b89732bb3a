import { formatTable } from './format-table.ts';
import type { Report } from './report.ts';
import type { Session } from './session.ts';

interface Verification {
  ok: boolean;
  checkedAt: string;
  breaks: { invariant: string; detail: string }[];
}

/** Recomputes the books. A broken invariant makes the command fail. */
export async function verifyLedger(session: Session): Promise<Report> {
  const data = await session.get<Verification>('/v1/admin/reconciliation');
  const { ok, checkedAt, breaks } = data;
  const table = formatTable(
    ['invariant', 'what is wrong'],
    breaks.map(({ invariant, detail }) => [invariant, detail]),
  );
  return { data, text: ok ? `the books are right, checked at ${checkedAt}` : table, failed: !ok };
}

interface Breaker {
  bank: string;
  state: string;
  since: string;
  retryAfterSeconds?: number;
}

export async function listBreakers(session: Session): Promise<Report> {
  const data = await session.get<{ items: Breaker[] }>('/v1/admin/breakers');
  const rows = data.items.map((one) => [one.bank, one.state, one.since, one.retryAfterSeconds]);
  return { data, text: formatTable(['bank', 'state', 'since', 'retry after (s)'], rows) };
}
