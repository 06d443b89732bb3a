import type { RecurrenceRule, SCHEDULED_TRANSFER_REQUESTS } from '@florin/contracts';
import type { Clock } from '@florin/kernel';
import { pageOfRows, readCursor, type Database } from '@florin/postgres';
import { firstAfter, occurrenceAt } from './domain/recurrence.ts';
import { cancelDueOccurrences, listOccurrences, occurrenceView } from './sql/occurrences.ts';
import type { Queries } from './sql/queries.ts';
import {
  findSchedule,
  insertSchedule,
  listSchedules,
  lockSchedule,
  saveChange,
  saveProgress,
  scheduleView,
  type ScheduleRow,
} from './sql/schedules.ts';
import type { UseCase as UseCaseOf } from './use-case.ts';

type UseCase<Name extends keyof typeof SCHEDULED_TRANSFER_REQUESTS> = UseCaseOf<
  typeof SCHEDULED_TRANSFER_REQUESTS,
  Name
>;

interface ManageDeps {
  db: Database['slonik'];
  clock: Clock;
  /** Plans that go on, of one owner. */
  schedulesMax: number;
  /** Something may be due. */
  onDue(): void;
}

/** Who writes "now" should not come too late because it took a moment to arrive. */
const GRACE_MS = 60_000;

const isSettled = ({ status }: ScheduleRow): boolean =>
  status === 'finished' || status === 'cancelled';

const settled = ({ status }: ScheduleRow) =>
  ({ refused: 'settled', detail: `this plan is ${status}` }) as const;

/** A rule with another end: a date and a count exclude each other. */
function withEnd(
  rule: RecurrenceRule,
  { endDate, count }: { endDate?: string | null | undefined; count?: number | null | undefined },
): RecurrenceRule {
  const { endDate: oldDate, count: oldCount, ...rest } = rule;
  const date = endDate === undefined ? (count ? undefined : oldDate) : (endDate ?? undefined);
  const times = count === undefined ? (endDate ? undefined : oldCount) : (count ?? undefined);
  return {
    ...rest,
    ...(date !== undefined && { endDate: date }),
    ...(times !== undefined && { count: times }),
  };
}

/** What owners do with their plans. Those of others don't exist for them. */
export function createScheduleUseCases({ db, clock, schedulesMax, onDue }: ManageDeps) {
  const createSchedule: UseCase<'createSchedule'> = async (asked) => {
    const nowMs = clock.nowMs();
    const replayOf = ({ fingerprint }: ScheduleRow) => fingerprint === asked.fingerprint;
    const known = await findSchedule(db, asked.id, null);
    if (known !== null) {
      if (replayOf(known)) return { schedule: scheduleView(known), replayed: true };
      return { refused: 'key-reused', detail: 'the key stands for another plan' };
    }
    const next = firstAfter(asked.schedule, nowMs - GRACE_MS);
    if (next === undefined) return { refused: 'over', detail: 'that is over already' };
    const limits = { next, now: new Date(nowMs), most: schedulesMax };
    const made = await insertSchedule(db, asked, limits);
    if (made !== null) {
      onDue();
      return { schedule: scheduleView(made), replayed: false };
    }
    // Taken by the same request at the same moment, or there are too many.
    if ((await findSchedule(db, asked.id, null)) !== null) return createSchedule(asked);
    return { refused: 'too-many', detail: `at most ${schedulesMax} plans are possible` };
  };

  const getSchedule: UseCase<'getSchedule'> = async ({ id, ownerId }) => {
    const found = await findSchedule(db, id, ownerId);
    return { schedule: found && scheduleView(found) };
  };

  const list: UseCase<'listSchedules'> = async ({ cursor, limit, ...query }) => {
    const rows = await listSchedules(db, { ...query, limit: limit + 1 }, readCursor(cursor));
    return pageOfRows(rows, limit, scheduleView);
  };

  const changeSchedule: UseCase<'changeSchedule'> = (asked) =>
    db.transaction(async (tx) => {
      const plan = await lockSchedule(tx, asked.id, asked.ownerId);
      if (plan === null) return { schedule: null };
      if (isSettled(plan)) return settled(plan);
      const hasEnd = asked.endDate !== undefined || asked.count !== undefined;
      if (hasEnd && plan.rule.frequency === 'once') {
        return { refused: 'not-recurring', detail: 'what happens once has no end' };
      }
      const rule = hasEnd ? withEnd(plan.rule, asked) : plan.rule;
      await saveChange(tx, plan.id, {
        amount: asked.amount === undefined ? plan.amount : BigInt(asked.amount),
        description: asked.description ?? plan.description,
        rule,
        retries: asked.onRefusal?.retries ?? plan.retries,
        everySeconds: asked.onRefusal?.everySeconds ?? plan.everySeconds,
        onMissed: asked.onMissed ?? plan.onMissed,
      });
      return { schedule: scheduleView(await goOn(tx, plan, rule)) };
    });

  /** With a new rule, from where it stands: what has no next time is finished. */
  async function goOn(tx: Queries, plan: ScheduleRow, rule: RecurrenceRule): Promise<ScheduleRow> {
    const number = plan.nextNumber;
    const atMs = number === null ? undefined : occurrenceAt(rule, number);
    const next = number === null || atMs === undefined ? undefined : { number, atMs };
    const status = next === undefined ? 'finished' : plan.status;
    return saveProgress(tx, plan.id, { status, next });
  }

  async function resume(tx: Queries, plan: ScheduleRow): Promise<ScheduleRow> {
    const next = firstAfter(plan.rule, clock.nowMs());
    return saveProgress(tx, plan.id, { status: next === undefined ? 'finished' : 'active', next });
  }

  async function stop(tx: Queries, plan: ScheduleRow, to: 'paused' | 'cancelled') {
    if (to === 'cancelled') await cancelDueOccurrences(tx, plan.id);
    const { nextNumber: number, nextAt } = plan;
    const next = number === null || nextAt === null ? undefined : { number, atMs: +nextAt };
    return saveProgress(tx, plan.id, { status: to, next });
  }

  const setScheduleStatus: UseCase<'setScheduleStatus'> = async ({ id, ownerId, to }) => {
    const answer = await db.transaction(async (tx) => {
      const plan = await lockSchedule(tx, id, ownerId);
      if (plan === null) return { schedule: null };
      if (plan.status === to) return { schedule: scheduleView(plan) };
      if (isSettled(plan)) return settled(plan);
      const changed = to === 'active' ? await resume(tx, plan) : await stop(tx, plan, to);
      return { schedule: scheduleView(changed) };
    });
    onDue();
    return answer;
  };

  const occurrences: UseCase<'listOccurrences'> = async ({ id, ownerId, cursor, limit }) => {
    if ((await findSchedule(db, id, ownerId)) === null) return { page: null };
    const below = /^[0-9]{1,9}$/.test(cursor ?? '') ? Number(cursor) : 2 ** 31 - 1;
    const rows = await listOccurrences(db, id, { below, limit: limit + 1 });
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    const nextCursor = last === undefined ? null : String(last.number);
    return { page: { items: shown.map(occurrenceView), nextCursor } };
  };

  return {
    createSchedule,
    getSchedule,
    listSchedules: list,
    changeSchedule,
    setScheduleStatus,
    listOccurrences: occurrences,
  };
}
