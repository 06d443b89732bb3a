import {
  decisionsQuery,
  decisionSummaryView,
  decisionView,
  modelsView,
  pageOf,
  reportBody,
  reportView,
} from '@florin/contracts';
import type { Fraud } from '../adapters/fraud.ts';
import { isRefusal, refusal } from '../domain/refusal.ts';
import type { ReportTransaction } from '../report-transaction.ts';
import { route, type Route } from '../rest/route.ts';

interface DecisionRouteDeps {
  fraud: Pick<Fraud, 'getDecision' | 'listDecisions' | 'describeModels'>;
  reportTransaction: ReportTransaction;
}

const SHARED = { tag: 'Operators', access: 'admin' } as const;

/** What the scorer thought, and what people found out later. */
export function decisionRoutes({ fraud, reportTransaction }: DecisionRouteDeps): Route[] {
  return [
    route({
      ...SHARED,
      method: 'GET',
      path: '/v1/admin/decisions',
      summary: 'What the scorer decided, newest first',
      query: decisionsQuery,
      answers: { 200: { description: 'A page', schema: pageOf(decisionSummaryView) } },
      async handle({ query: { limit, decision, walletId, cursor } }) {
        const page = await fraud.listDecisions({
          limit,
          ...(decision === undefined ? {} : { decision }),
          ...(walletId === undefined ? {} : { walletId }),
          ...(cursor === undefined ? {} : { cursor }),
        });
        return { status: 200, body: page };
      },
    }),
    route({
      ...SHARED,
      method: 'GET',
      path: '/v1/admin/decisions/:id',
      summary: 'The decision about a transaction, with all that it was made of',
      answers: { 200: { description: 'The decision', schema: decisionView } },
      problems: ['not-found'],
      async handle({ params }) {
        const transactionId = params.id ?? '';
        const { decision } = await fraud.getDecision({ transactionId });
        if (decision !== null) return { status: 200, body: decision };
        return refusal('not-found', `the transaction ${transactionId} was not scored`);
      },
    }),
    route({
      ...SHARED,
      method: 'POST',
      path: '/v1/admin/transactions/:id/report',
      summary: 'Say what turned out: a fraud, or a payment that was fine after all',
      description: 'Wallets that had to do with a fraud are looked at more closely from then on.',
      body: reportBody,
      answers: { 200: { description: 'Whether this was news', schema: reportView } },
      problems: ['not-found'],
      async handle({ caller, params, body: { label, source, note }, requestId }) {
        const transactionId = params.id ?? '';
        const actorId = caller.id;
        const report = { transactionId, label, source, note, actorId, requestId };
        const reported = await reportTransaction(report);
        return isRefusal(reported) ? reported : { status: 200, body: reported };
      },
    }),
    route({
      ...SHARED,
      method: 'GET',
      path: '/v1/admin/models',
      summary: 'The models that score, and those that look on',
      answers: { 200: { description: 'With what each reached in tests', schema: modelsView } },
      handle: async () => ({ status: 200, body: await fraud.describeModels({}) }),
    }),
  ];
}
