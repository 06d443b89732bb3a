import { z } from 'zod';
import { emailBody, pageOf, pageQuery } from './rest.ts';
import {
  amountInput,
  currency,
  id,
  metadata,
  minorText,
  movedMinorText,
  plainText,
  timestamp,
} from './schema-fields.ts';

/** Transfers that are planned: once at a time, or every so many days, weeks or months. */

const DATE = String.raw`20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])`;
const TIME = String.raw`(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?`;

/** Whether the calendar has this day: there is no 30 February. */
function isInCalendar(text: string): boolean {
  const day = text.slice(0, 10);
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

const inCalendar = { error: 'must be a day that the calendar has', abort: true };
const localDate = z
  .string()
  .regex(new RegExp(`^${DATE}$`), { error: 'must be a date from 2000 to 2099', abort: true })
  .refine(isInCalendar, inCalendar);
const localTime = z
  .string()
  .regex(new RegExp(`^${DATE}T${TIME}$`), { error: 'must be e.g. 2027-01-31T09:00', abort: true })
  .refine(isInCalendar, inCalendar);

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** A name, never an offset: what the clocks of a place do in summer belongs to it. */
const timeZone = z
  .string()
  .max(64)
  .regex(/^[A-Za-z][A-Za-z0-9_+/-]*$/, { error: 'must be an IANA time zone', abort: true })
  .refine(isTimeZone, { error: 'must be an IANA time zone' });

export const FREQUENCIES = ['once', 'daily', 'weekly', 'monthly'] as const;

export const recurrenceRule = z
  .strictObject({
    frequency: z.enum(FREQUENCIES),
    interval: z.number().int().min(1).max(365).default(1).meta({
      description: 'Every so many days, weeks or months',
    }),
    startAt: localTime.meta({
      description:
        'The first time, by the clocks of timeZone. Monthly on its day, or the last day of ' +
        'shorter months. A time that clocks leave out is later by what they skip, of one that ' +
        'comes twice it is the first.',
      examples: ['2027-01-31T09:00'],
    }),
    timeZone: timeZone.meta({ description: 'IANA name', examples: ['Europe/Berlin'] }),
    endDate: localDate.optional().meta({ description: 'The last day on which it may happen' }),
    count: z.number().int().min(1).max(10_000).optional().meta({
      description: 'How many times it is planned, those that were paused or missed included',
    }),
  })
  .refine((rule) => rule.endDate === undefined || rule.count === undefined, {
    error: 'endDate and count exclude each other',
  })
  .refine(
    ({ frequency, interval, endDate, count }) =>
      frequency !== 'once' || (interval === 1 && endDate === undefined && count === undefined),
    { error: 'what happens once has neither interval nor end' },
  );
export type RecurrenceRule = z.output<typeof recurrenceRule>;

const DAY_SECONDS = 86_400;
/** Metadata of a planned transfer has room for two keys of ours: which plan, which occurrence. */
const PLANNED_METADATA_MAX = 48;

export const onRefusal = z.strictObject({
  retries: z.number().int().min(0).max(10).default(0).meta({
    description: 'How often it is tried again; 0 leaves the refused occurrence out',
  }),
  everySeconds: z
    .number()
    .int()
    .min(1)
    .max(7 * DAY_SECONDS)
    .default(DAY_SECONDS),
});
export type OnRefusal = z.output<typeof onRefusal>;

export const ON_MISSED = ['all', 'latest', 'none'] as const;
const onMissed = z.enum(ON_MISSED).meta({
  description:
    'What is caught up on after an outage of ours: all that was missed, only the latest of it, ' +
    'or nothing that is too late',
});

const plannedMetadata = metadata.refine(
  (entries) => Object.keys(entries).length <= PLANNED_METADATA_MAX,
  { error: `must have at most ${PLANNED_METADATA_MAX} keys` },
);

export const scheduleBody = z
  .strictObject({
    fromWalletId: id,
    toWalletId: id.optional(),
    toEmail: emailBody.shape.email.optional(),
    amount: amountInput,
    description: plainText(500).optional(),
    metadata: plannedMetadata.optional(),
    schedule: recurrenceRule,
    onRefusal: onRefusal.prefault({}),
    onMissed: onMissed.default('latest'),
  })
  .refine((body) => (body.toWalletId === undefined) !== (body.toEmail === undefined), {
    error: 'exactly one of toWalletId and toEmail is required',
  });

/** What may be changed of what is still to come. Who pays whom is another plan. */
export const scheduleChangeBody = z
  .strictObject({
    amount: amountInput.optional(),
    description: plainText(500).optional(),
    onRefusal: onRefusal.optional(),
    onMissed: onMissed.optional(),
    endDate: localDate.nullable().optional().meta({ description: 'null: without an end' }),
    count: z.number().int().min(1).max(10_000).nullable().optional(),
  })
  .refine((body) => Object.keys(body).length > 0, { error: 'nothing is to be changed' });

export const SCHEDULE_STATUSES = ['active', 'paused', 'finished', 'cancelled'] as const;
export type ScheduleStatus = (typeof SCHEDULE_STATUSES)[number];

export const scheduledTransfer = z.object({
  id,
  fromWalletId: id,
  toWalletId: id,
  amount: minorText,
  currency,
  description: z.string().optional(),
  metadata: metadata.optional(),
  schedule: z.object({
    frequency: z.enum(FREQUENCIES),
    interval: z.number().int(),
    startAt: z.string(),
    timeZone: z.string(),
    endDate: z.string().optional(),
    count: z.number().int().optional(),
  }),
  onRefusal: z.object({ retries: z.number().int(), everySeconds: z.number().int() }),
  onMissed: z.enum(ON_MISSED),
  status: z.enum(SCHEDULE_STATUSES),
  nextAt: timestamp.optional().meta({ description: 'Of the next occurrence, if there is one' }),
  nextOccurrence: z.number().int().optional(),
  createdAt: timestamp,
});
export type ScheduledTransfer = z.infer<typeof scheduledTransfer>;

export const OCCURRENCE_STATUSES = [
  'due',
  'submitted',
  'held',
  'completed',
  'refused',
  'missed',
  'cancelled',
] as const;
export type OccurrenceStatus = (typeof OCCURRENCE_STATUSES)[number];

export const scheduledOccurrence = z.object({
  number: z.number().int().positive().meta({ description: '1, 2, 3 … in the plan' }),
  plannedFor: timestamp,
  status: z.enum(OCCURRENCE_STATUSES).meta({
    description:
      '`submitted` waits for the ledger, `held` for a person; `refused` has failed for good; ' +
      '`missed` was left out after an outage',
  }),
  transactionId: id.optional().meta({ description: 'Of the latest try' }),
  nextTryAt: timestamp.optional(),
  failures: z
    .array(
      z.object({
        attempt: z.number().int().positive(),
        transactionId: id,
        code: z.string(),
        detail: z.string().optional(),
        at: timestamp,
      }),
    )
    .meta({ description: 'Every try that was refused, and why' }),
});
export type ScheduledOccurrence = z.infer<typeof scheduledOccurrence>;

export const schedulesQuery = pageQuery.extend({
  status: z.enum(SCHEDULE_STATUSES).optional(),
  walletId: id.optional(),
});

const paging = {
  cursor: z.string().max(200).optional(),
  limit: z.number().int().min(1).max(100),
};
/** Whose plans are looked at: of one owner of wallets, or everybody's. */
const visible = { ownerId: id.nullable() };
const refusedWith = <Code extends string>(...codes: [Code, ...Code[]]) =>
  z.object({ refused: z.enum(codes), detail: z.string() });
const found = z.object({ schedule: scheduledTransfer.nullable() });

/** What may be asked of payments about planned transfers. */
export const SCHEDULED_TRANSFER_REQUESTS = {
  /** The same id again answers what it stands for. */
  createSchedule: {
    subject: 'rpc.payments.create-schedule',
    request: z.object({
      id,
      ownerId: id,
      createdBy: z.string().min(1).max(100),
      fingerprint: z.string().length(22),
      walletId: id,
      toWalletId: id,
      amount: movedMinorText,
      currency,
      description: plainText(500).optional(),
      metadata: plannedMetadata.optional(),
      schedule: recurrenceRule,
      onRefusal,
      onMissed,
    }),
    response: z.union([
      z.object({ schedule: scheduledTransfer, replayed: z.boolean() }),
      refusedWith('key-reused', 'over', 'too-many'),
    ]),
  },
  getSchedule: {
    subject: 'rpc.payments.get-schedule',
    request: z.object({ id, ...visible }),
    response: found,
  },
  /** Newest first. */
  listSchedules: {
    subject: 'rpc.payments.list-schedules',
    request: z.object({
      ...visible,
      status: z.enum(SCHEDULE_STATUSES).optional(),
      walletId: id.optional(),
      ...paging,
    }),
    response: pageOf(scheduledTransfer),
  },
  changeSchedule: {
    subject: 'rpc.payments.change-schedule',
    request: z.object({
      id,
      ...visible,
      amount: movedMinorText.optional(),
      description: plainText(500).optional(),
      onRefusal: onRefusal.optional(),
      onMissed: onMissed.optional(),
      endDate: localDate.nullable().optional(),
      count: z.number().int().min(1).max(10_000).nullable().optional(),
    }),
    response: z.union([found, refusedWith('settled', 'not-recurring')]),
  },
  /** Paused ones leave out what comes meanwhile; cancelled ones never come back. */
  setScheduleStatus: {
    subject: 'rpc.payments.set-schedule-status',
    request: z.object({ id, ...visible, to: z.enum(['active', 'paused', 'cancelled']) }),
    response: z.union([found, refusedWith('settled')]),
  },
  /** The latest first; null when there is no such plan. */
  listOccurrences: {
    subject: 'rpc.payments.list-occurrences',
    request: z.object({ id, ...visible, ...paging }),
    response: z.object({ page: pageOf(scheduledOccurrence).nullable() }),
  },
} as const;
