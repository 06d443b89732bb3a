import {
  BREAK_STATUSES,
  breakProposalBody,
  breaksQuery,
  breakView,
  breakWithHistoryView,
  decidedBreakView,
  pageOf,
  verdictBody,
  type StatementBreak,
} from '@florin/contracts';
import type { RecordAction } from '@florin/messaging';
import type { Statements } from '../adapters/statements.ts';
import type { Caller } from '../domain/caller.ts';
import { isRefusal, refusal, type Refusal } from '../domain/refusal.ts';
import { route, type Route } from '../rest/route.ts';
import type { WorkBreak } from '../work-break.ts';

interface BreakRouteDeps {
  statements: Pick<Statements, 'listBreaks' | 'getBreak'>;
  workBreak: WorkBreak;
  /** Tells the audit log. */
  record: RecordAction;
}

const SHARED = { tag: 'Bank statements', access: 'admin' } as const;

const VERDICTS = {
  approve: { done: 'approved', summary: 'Carry out what a colleague has proposed for a break' },
  reject: { done: 'rejected', summary: 'Turn down what a colleague has proposed for a break' },
} as const;

const UNRESOLVED = BREAK_STATUSES.filter((status) => status !== 'resolved');

const statusesOf = (status: (typeof BREAK_STATUSES)[number] | 'unresolved' | 'any') => {
  if (status === 'any') return {};
  return { statuses: status === 'unresolved' ? UNRESOLVED : [status] };
};

/** Four eyes are those of two people: a machine client could be both of them. */
const personOnly = (caller: Caller): Refusal | undefined =>
  caller.kind === 'user'
    ? undefined
    : refusal('forbidden', 'breaks are worked by people, two of them');

const factsOf = ({ bank, currency, kind, difference, action }: StatementBreak): string =>
  `${action}: ${kind}, ${bank} has ${difference} ${currency} more`;

export function breakRoutes({ statements, workBreak, record }: BreakRouteDeps): Route[] {
  const verdictRoute = (verdict: keyof typeof VERDICTS): Route =>
    route({
      ...SHARED,
      method: 'POST',
      path: `/v1/admin/breaks/:id/${verdict}`,
      summary: VERDICTS[verdict].summary,
      description:
        'Never by who has proposed it. The first verdict stands; the same one again shows what ' +
        'came of it.',
      body: verdictBody,
      bodyOptional: true,
      answers: { 200: { description: 'The break after it', schema: decidedBreakView } },
      problems: [
        'not-found',
        'four-eyes',
        'changed-meanwhile',
        'adjustment-decided',
        'adjustment-expired',
        'limit-exceeded',
        'insufficient-funds',
      ],
      async handle({ caller, params: { id }, body: { note }, requestId }) {
        const stranger = personOnly(caller);
        if (stranger !== undefined) return stranger;
        const about = note === undefined ? {} : { note };
        const word = { id, verdict, decidedBy: caller.id, ...about };
        const decided = await workBreak.decide(word, requestId);
        if (isRefusal(decided)) return decided;
        const { round, break: after, transaction, replayed } = decided;
        const { done } = VERDICTS[verdict];
        await record({
          id: `break-${id}-${round}-${done}`,
          ...(after.decidedAt === undefined ? {} : { at: after.decidedAt }),
          actorId: caller.id,
          action: `break-${done}`,
          target: id,
          before: `proposed by ${after.proposedBy}`,
          after: factsOf(after),
          ...about,
          requestId,
        });
        const posted = transaction === undefined ? {} : { transactionPosted: transaction.id };
        return {
          status: 200,
          body: { ...after, ...posted },
          headers: replayed ? { 'idempotency-replayed': 'true' } : {},
        };
      },
    });

  return [
    route({
      ...SHARED,
      method: 'GET',
      path: '/v1/admin/breaks',
      summary: 'Differences between banks and books, the newest first',
      query: breaksQuery,
      answers: { 200: { description: 'A page', schema: pageOf(breakView) } },
      async handle({ query: { status, limit, cursor, bank, kind } }) {
        const page = await statements.listBreaks({
          limit,
          ...statusesOf(status),
          ...(bank === undefined ? {} : { bank }),
          ...(kind === undefined ? {} : { kind }),
          ...(cursor === undefined ? {} : { cursor }),
        });
        return { status: 200, body: page };
      },
    }),
    route({
      ...SHARED,
      method: 'GET',
      path: '/v1/admin/breaks/:id',
      summary: 'A break, and everything that was done about it',
      answers: { 200: { description: 'The break', schema: breakWithHistoryView } },
      problems: ['not-found'],
      async handle({ params: { id } }) {
        const { break: found } = await statements.getBreak({ id });
        if (found === null) return refusal('not-found', `there is no break ${id}`);
        return { status: 200, body: found };
      },
    }),
    route({
      ...SHARED,
      method: 'POST',
      path: '/v1/admin/breaks/:id/propose',
      summary: 'Propose how a break is to be resolved',
      description:
        'Nothing is posted before a colleague has approved it. A correction is an adjustment of ' +
        'the clearing account by exactly the difference; whose money it is can be settled ' +
        'between the suspense account and a wallet afterwards.',
      body: breakProposalBody,
      answers: { 200: { description: 'The break after it', schema: breakView } },
      problems: ['not-found', 'changed-meanwhile'],
      async handle({ caller, params: { id }, body, requestId }) {
        const stranger = personOnly(caller);
        if (stranger !== undefined) return stranger;
        const proposed = await workBreak.propose({ id, ...body, proposedBy: caller.id }, requestId);
        if (isRefusal(proposed)) return proposed;
        const { round, break: after, replayed } = proposed;
        await record({
          id: `break-${id}-${round}-proposed`,
          ...(after.proposedAt === undefined ? {} : { at: after.proposedAt }),
          actorId: caller.id,
          action: 'break-proposed',
          target: id,
          after: factsOf(after),
          note: body.note,
          requestId,
        });
        return {
          status: 200,
          body: after,
          headers: replayed ? { 'idempotency-replayed': 'true' } : {},
        };
      },
    }),
    verdictRoute('approve'),
    verdictRoute('reject'),
  ];
}
