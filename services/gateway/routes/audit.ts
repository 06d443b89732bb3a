import {
  auditProofView,
  auditQuery,
  auditRecordView,
  auditVerification,
  pageOf,
  verifyAuditBody,
} from '@florin/contracts';
import type { Auditor } from '../adapters/auditor.ts';
import { refusal } from '../domain/refusal.ts';
import { route, type Route } from '../rest/route.ts';

interface AuditRouteDeps {
  auditor: Pick<Auditor, 'verifyLog' | 'listRecords' | 'proveTransaction'>;
}

/** The whole log is read for it. */
const VERIFICATION_TIMEOUT_MS = 120_000;

const SHARED = { tag: 'Operators', access: 'admin' } as const;

/** The audit log: what happened, that nobody has changed it since, and how others can tell. */
export function auditRoutes({ auditor }: AuditRouteDeps): Route[] {
  return [
    route({
      ...SHARED,
      method: 'GET',
      path: '/v1/admin/audit',
      summary: 'Everything that happened, newest first',
      query: auditQuery,
      answers: { 200: { description: 'A page of the log', schema: pageOf(auditRecordView) } },
      async handle({ query: { limit, type, actor, cursor } }) {
        const page = await auditor.listRecords({
          limit,
          ...(type === undefined ? {} : { type }),
          ...(actor === undefined ? {} : { actor }),
          ...(cursor === undefined ? {} : { cursor }),
        });
        return { status: 200, body: page };
      },
    }),
    route({
      ...SHARED,
      method: 'POST',
      path: '/v1/admin/audit/verify',
      summary: 'Recompute the audit log, and say where anything was changed',
      description: 'All of it, or what came after the last signed root before `from`.',
      body: verifyAuditBody,
      bodyOptional: true,
      answers: { 200: { description: 'What was found', schema: auditVerification } },
      async handle({ body: { from } }) {
        const question = from === undefined ? {} : { from };
        const found = await auditor.verifyLog(question, { timeoutMs: VERIFICATION_TIMEOUT_MS });
        return { status: 200, body: found };
      },
    }),
    route({
      ...SHARED,
      method: 'GET',
      path: '/v1/admin/audit/proof/:id',
      summary: 'What a third party needs to see that a transaction is in the log',
      description: 'docs/audit.md has the script that checks it.',
      answers: { 200: { description: 'A proof for each of its events', schema: auditProofView } },
      problems: ['not-found'],
      async handle({ params }) {
        const transactionId = params.id ?? '';
        const { proofs } = await auditor.proveTransaction({ transactionId });
        if (proofs.length > 0) return { status: 200, body: { transactionId, proofs } };
        return refusal('not-found', `the log has nothing of the transaction ${transactionId}`);
      },
    }),
  ];
}
