import type { AuditProof, AuditVerification } from '@florin/contracts';
import { formatTable } from './format-table.ts';
import type { Report } from './report.ts';
import type { Session } from './session.ts';

/** Recomputes the audit log. A change of it makes the command fail. */
export async function verifyAudit(session: Session, from: string | undefined): Promise<Report> {
  const body = from === undefined ? {} : { from };
  const data = await session.post<AuditVerification>('/v1/admin/audit/verify', body);
  const { ok, records, roots, seconds, checkedAt, breaks } = data;
  const read = `${records} records and ${roots} roots in ${seconds.toFixed(1)} s, at ${checkedAt}`;
  const table = formatTable(
    ['kind', 'chain', 'from', 'to', 'root', 'what is wrong'],
    breaks.map((one) => [one.kind, one.chain, one.first, one.last, one.root, one.detail]),
  );
  return { data, text: ok ? `the log is whole: ${read}` : `${table}\n\n${read}`, failed: !ok };
}

/** What a third party needs to see that a transaction is in the log: as JSON, to be handed on. */
export async function proveTransaction(session: Session, id: string): Promise<Report> {
  const path = `/v1/admin/audit/proof/${encodeURIComponent(id)}`;
  const data = await session.get<{ proofs: AuditProof[] }>(path);
  const rows = data.proofs.map(({ chain, place, hash, root }) => [
    chain,
    place,
    hash,
    root === null ? 'not yet' : (JSON.parse(root.document) as { number: number }).number,
    root === null ? undefined : root.links.length,
  ]);
  const table = formatTable(['chain', 'place', 'hash', 'root', 'links to it'], rows);
  return { data, text: `${table}\n\nWith --json it is what docs/audit.md checks.` };
}
