import {
  feeHistoryQuery,
  feesBody,
  feesQuery,
  feeSchedule,
  feeScheduleVersion,
  pageOf,
} from '@florin/contracts';
import type { RecordAction } from '@florin/messaging';
import type { Fees } from '../adapters/fees.ts';
import { refusal } from '../domain/refusal.ts';
import { route, type Route } from '../rest/route.ts';

interface FeeRouteDeps {
  fees: Fees;
  /** Tells the audit log. */
  record: RecordAction;
}

/** What the audit log takes of a value. */
const TOLD_MAX = 2000;

export const feeRoutes = ({ fees, record }: FeeRouteDeps): Route[] => [
  route({
    method: 'GET',
    path: '/v1/fees',
    tag: 'Payments',
    summary: 'What payments cost',
    description:
      'A fee is the flat part and the percentage of the tier that the amount falls in, rounded ' +
      'half up, kept within min and max. It is fixed when a payment is asked for and paid when ' +
      'it is completed, as part of the same transaction; a reversal does not give it back. A dry ' +
      'run of a payment quotes it.',
    access: 'transactions:read',
    query: feesQuery,
    answers: { 200: { description: 'The schedule, or an older version', schema: feeSchedule } },
    problems: ['not-found'],
    async handle({ query: { version } }) {
      const { schedule } = await fees.getFees(version === undefined ? {} : { version });
      if (schedule === null) return refusal('not-found', `there is no version ${version} of fees`);
      return { status: 200, body: schedule };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/admin/fees',
    tag: 'Operators',
    summary: 'Every version of the fees, newest first, and who set it',
    access: 'admin',
    query: feeHistoryQuery,
    answers: { 200: { description: 'A page', schema: pageOf(feeScheduleVersion) } },
    async handle({ query: { limit, cursor } }) {
      const before = cursor === undefined ? {} : { before: cursor };
      const { items } = await fees.listFees({ limit: Math.min(limit + 1, 100), ...before });
      const page = items.slice(0, limit);
      const last = items.length > limit ? page.at(-1) : undefined;
      const nextCursor = last === undefined ? null : String(last.version);
      return { status: 200, body: { items: page, nextCursor } };
    },
  }),
  route({
    method: 'PUT',
    path: '/v1/admin/fees',
    tag: 'Operators',
    summary: 'Set all fees',
    description:
      'Every payment asked for from now on costs this. basedOn is the version that was looked ' +
      'at: has somebody set another one since, nothing is changed.',
    access: 'admin',
    body: feesBody,
    answers: { 200: { description: 'The new version', schema: feeScheduleVersion } },
    problems: ['changed-meanwhile'],
    async handle({ caller, body: { note, ...wanted }, requestId }) {
      const about = note === undefined ? {} : { note };
      const set = await fees.setFees({ ...wanted, ...about, changedBy: caller.id });
      if (!set.ok) {
        return refusal('changed-meanwhile', `version ${set.version} of the fees holds by now`);
      }
      const { version, rules, changedAt } = set.schedule;
      await record({
        id: `fees-${version}`,
        at: changedAt,
        actorId: caller.id,
        action: 'fees-changed',
        target: `fees ${version}`,
        before: `version ${version - 1}`,
        after: JSON.stringify(rules).slice(0, TOLD_MAX),
        ...about,
        requestId,
      });
      return { status: 200, body: set.schedule };
    },
  }),
];
