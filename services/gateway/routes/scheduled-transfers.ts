import {
  pageOf,
  pageQuery,
  scheduleBody,
  scheduleChangeBody,
  scheduledOccurrence,
  scheduledTransfer,
  schedulesQuery,
} from '@florin/contracts';
import type { Payments } from '../adapters/payments.ts';
import type { Caller } from '../domain/caller.ts';
import { fingerprintOf, scheduleIdOf } from '../domain/idempotency.ts';
import { isRefusal, refusal, type Refusal } from '../domain/refusal.ts';
import type { FindTransferSides } from '../find-transfer-sides.ts';
import { route, type Answer, type Call, type Route } from '../rest/route.ts';

interface ScheduleRouteDeps {
  payments: Payments;
  findTransferSides: FindTransferSides;
}

const TAG = { tag: 'Scheduled transfers' } as const;
const PLAN = { description: 'The plan', schema: scheduledTransfer } as const;
const REFUSALS = ['not-found', 'hold-already-settled'] as const;

const unknown = (id: string): Refusal =>
  refusal('not-found', `there is no scheduled transfer ${id}`);

/** People see the plans of their own wallets, machine clients all. */
const visibleTo = (caller: Caller): { ownerId: string | null } => ({
  ownerId: caller.kind === 'machine' ? null : caller.id,
});

const given = <T>(cursor: T | undefined) => (cursor === undefined ? {} : { cursor });

const invalid = (pointer: string, detail: string): Refusal =>
  refusal('validation-failed', detail, { facts: { errors: [{ pointer, detail }] } });

type Changed = Awaited<ReturnType<Payments['setScheduleStatus' | 'changeSchedule']>>;

function changed(answer: Changed, id: string): Answer | Refusal {
  if ('refused' in answer) {
    return answer.refused === 'settled'
      ? refusal('hold-already-settled', answer.detail)
      : invalid('', answer.detail);
  }
  return answer.schedule === null ? unknown(id) : { status: 200, body: answer.schedule };
}

type CreateCall = Call<'transactions:write', unknown, undefined, unknown>;

async function plan(
  { payments, findTransferSides }: ScheduleRouteDeps,
  call: CreateCall,
  body: ReturnType<typeof scheduleBody.parse>,
): Promise<Answer | Refusal> {
  const { caller, idempotencyKey } = call;
  const sides = await findTransferSides(body, caller);
  if (isRefusal(sides)) return sides;
  const { fromWalletId, toWalletId: _to, toEmail: _email, amount, ...rest } = body;
  const made = await payments.createSchedule({
    ...rest,
    id: scheduleIdOf(caller.id, idempotencyKey),
    ownerId: sides.from.ownerId,
    createdBy: caller.id,
    fingerprint: fingerprintOf(call.method, call.path, body),
    walletId: fromWalletId,
    toWalletId: sides.toWalletId,
    currency: sides.from.currency,
    amount: amount.toString(),
  });
  if ('schedule' in made) {
    const headers: Record<string, string> = {
      location: `/v1/scheduled-transfers/${made.schedule.id}`,
    };
    if (made.replayed) headers['idempotency-replayed'] = 'true';
    return { status: 201, body: made.schedule, headers };
  }
  if (made.refused === 'over') return invalid('/schedule/startAt', 'is over already');
  const code = made.refused === 'key-reused' ? 'idempotency-key-reused' : 'limit-exceeded';
  return refusal(code, made.detail);
}

const STATUS_CHANGES = [
  {
    verb: 'pause',
    to: 'paused',
    summary: 'Pause a scheduled transfer',
    description: 'What would come meanwhile is left out.',
  },
  {
    verb: 'resume',
    to: 'active',
    summary: 'Go on with a scheduled transfer',
    description: 'From its next time on.',
  },
  {
    verb: 'cancel',
    to: 'cancelled',
    summary: 'End a scheduled transfer for good',
    description: 'What was sent to the ledger already is not taken back.',
  },
] as const;

const statusRoutes = ({ payments }: ScheduleRouteDeps): Route[] =>
  STATUS_CHANGES.map(({ verb, to, summary, description }) =>
    route({
      ...TAG,
      method: 'POST',
      path: `/v1/scheduled-transfers/:id/${verb}`,
      access: 'transactions:write',
      summary,
      description,
      answers: { 200: PLAN },
      problems: REFUSALS,
      async handle({ caller, params: { id } }) {
        const question = { id, to, ...visibleTo(caller) };
        return changed(await payments.setScheduleStatus(question), id);
      },
    }),
  );

export function scheduleRoutes(deps: ScheduleRouteDeps): Route[] {
  const { payments } = deps;
  return [
    route({
      ...TAG,
      method: 'POST',
      path: '/v1/scheduled-transfers',
      access: 'transactions:write',
      summary: 'Plan a transfer: once at a time, or again and again',
      description:
        'Each occurrence is an ordinary transfer of its own, ordered at its time and decided ' +
        'then. Metadata of such a transfer names the plan and the occurrence.',
      idempotencyKey: 'required',
      body: scheduleBody,
      answers: { 201: PLAN },
      problems: ['not-found', 'same-wallet', 'currency-mismatch', 'limit-exceeded'],
      handle: (call) => plan(deps, call, call.body),
    }),
    route({
      ...TAG,
      method: 'GET',
      path: '/v1/scheduled-transfers',
      access: 'transactions:read',
      summary: 'The scheduled transfers of the caller’s wallets, newest first',
      query: schedulesQuery,
      answers: { 200: { description: 'A page', schema: pageOf(scheduledTransfer) } },
      async handle({ caller, query: { cursor, ...query } }) {
        const question = { ...query, ...given(cursor), ...visibleTo(caller) };
        return { status: 200, body: await payments.listSchedules(question) };
      },
    }),
    route({
      ...TAG,
      method: 'GET',
      path: '/v1/scheduled-transfers/:id',
      access: 'transactions:read',
      summary: 'One scheduled transfer',
      answers: { 200: PLAN },
      problems: ['not-found'],
      async handle({ caller, params: { id } }) {
        const { schedule } = await payments.getSchedule({ id, ...visibleTo(caller) });
        return schedule === null ? unknown(id) : { status: 200, body: schedule };
      },
    }),
    route({
      ...TAG,
      method: 'PATCH',
      path: '/v1/scheduled-transfers/:id',
      access: 'transactions:write',
      summary: 'Change what is still to come of a scheduled transfer',
      body: scheduleChangeBody,
      answers: { 200: PLAN },
      problems: REFUSALS,
      async handle({ caller, params: { id }, body: { amount, ...rest } }) {
        const money = amount === undefined ? {} : { amount: amount.toString() };
        const question = { id, ...rest, ...money, ...visibleTo(caller) };
        return changed(await payments.changeSchedule(question), id);
      },
    }),
    ...statusRoutes(deps),
    route({
      ...TAG,
      method: 'GET',
      path: '/v1/scheduled-transfers/:id/occurrences',
      access: 'transactions:read',
      summary: 'What became of a scheduled transfer each time, the latest first',
      query: pageQuery,
      answers: { 200: { description: 'A page', schema: pageOf(scheduledOccurrence) } },
      problems: ['not-found'],
      async handle({ caller, params: { id }, query: { limit, cursor } }) {
        const question = { id, limit, ...given(cursor), ...visibleTo(caller) };
        const { page } = await payments.listOccurrences(question);
        return page === null ? unknown(id) : { status: 200, body: page };
      },
    }),
  ];
}
