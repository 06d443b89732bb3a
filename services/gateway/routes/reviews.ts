import { pageOf, reviewsQuery, transactionView, verdictBody } from '@florin/contracts';
import type { Ledger } from '../adapters/ledger.ts';
import type { DecideReview, Verdict } from '../decide-review.ts';
import { isRefusal } from '../domain/refusal.ts';
import { ownView } from '../domain/transaction-view.ts';
import { route, type Route } from '../rest/route.ts';

interface ReviewRouteDeps {
  ledger: Pick<Ledger, 'listReviews'>;
  decideReview: DecideReview;
}

const SHARED = { tag: 'Operators', access: 'admin' } as const;

const WORDS = {
  approve: 'Let a payment under review go on: transfers are paid, banks are asked',
  decline: 'Stop a payment under review: what was held is released',
} as const satisfies Record<Verdict['verdict'], string>;

const verdictRoute = ({ decideReview }: ReviewRouteDeps, verdict: Verdict['verdict']): Route =>
  route({
    ...SHARED,
    method: 'POST',
    path: `/v1/admin/reviews/:id/${verdict}`,
    summary: WORDS[verdict],
    description: 'The first verdict wins; the same one again is answered the same.',
    body: verdictBody,
    bodyOptional: true,
    answers: { 200: { description: 'The transaction after it', schema: transactionView } },
    problems: [
      'not-found',
      'hold-already-settled',
      'hold-expired',
      'wallet-frozen',
      'wallet-closed',
      'limit-exceeded',
    ],
    async handle({ caller, params: { id }, body: { note }, requestId }) {
      const transactionId = id ?? '';
      const decided = await decideReview({
        transactionId,
        verdict,
        actorId: caller.id,
        note,
        requestId,
      });
      return isRefusal(decided) ? decided : { status: 200, body: ownView(decided, 'all') };
    },
  });

export function reviewRoutes(deps: ReviewRouteDeps): Route[] {
  return [
    route({
      ...SHARED,
      method: 'GET',
      path: '/v1/admin/reviews',
      summary: 'Payments that wait for a person, the longest waiting first',
      description: 'With the reasons of each: what was seen, and what is usual for this wallet.',
      query: reviewsQuery,
      answers: { 200: { description: 'A page', schema: pageOf(transactionView) } },
      async handle({ query: { status, limit, cursor } }) {
        const page = await deps.ledger.listReviews({
          limit,
          ...(status === 'any' ? {} : { status }),
          ...(cursor === undefined ? {} : { cursor }),
        });
        const items = page.items.map((transaction) => ownView(transaction, 'all'));
        return { status: 200, body: { items, nextCursor: page.nextCursor } };
      },
    }),
    verdictRoute(deps, 'approve'),
    verdictRoute(deps, 'decline'),
  ];
}
