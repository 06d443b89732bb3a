import {
  FEES_CHANGED_SUBJECT,
  type FEE_REQUESTS,
  type FeeSchedule,
  type FeeScheduleVersion,
} from '@florin/contracts';
import type { FeeRule } from '@florin/contracts';
import { faultText } from '@florin/kernel';
import type { Bus } from '@florin/messaging';
import type { Logger, Metrics } from '@florin/runtime';
import type pg from 'pg';
import type { z } from 'zod';
import { feeRulesOf, NO_FEES, type FeeRules } from '../domain/fee.ts';
import { isoFromMicros } from '../domain/iso-time.ts';
import {
  addFeeSchedule,
  copyFeeSchedule,
  findFeeSchedule,
  listFeeSchedules,
} from '../sql/fee-schedules.ts';

type Requests = typeof FEE_REQUESTS;
type Request<Name extends keyof Requests> = z.infer<Requests[Name]['request']>;
type Response<Name extends keyof Requests> = z.infer<Requests[Name]['response']>;

interface ScheduleRow {
  version: number;
  rules: FeeRule[];
  changed_by: string;
  changed_us: bigint;
  note: string | null;
}

const scheduleFromRow = (row: ScheduleRow): FeeScheduleVersion => ({
  version: row.version,
  rules: row.rules,
  changedBy: row.changed_by,
  changedAt: isoFromMicros(Number(row.changed_us)),
  ...(row.note === null ? {} : { note: row.note }),
});

const FIRST = { version: 0, rules: [] };

/** What was changed while nobody could be told of it is seen this much later. */
const RELOAD_MS = 5000;

export interface FeeSchedules {
  /** From memory: decisions ask for each transaction. */
  current(): FeeRules;
  get(request: Request<'getFees'>): Promise<Response<'getFees'>>;
  list(request: Request<'listFees'>): Promise<Response<'listFees'>>;
  set(request: Request<'setFees'>): Promise<Response<'setFees'>>;
  /** @throws when the books are away */
  reload(): Promise<void>;
  stop(): void;
}

/**
 * The fee schedules of the books, the newest of them in memory. Every ledger hears of a change at
 * once; a transaction names the version that it was charged by, whichever its ledger knew.
 */
export function createFeeSchedules(options: {
  pool: pg.Pool;
  bus: Bus;
  log: Logger;
  metrics: Metrics;
  /** Where schedules are set in another shard: the newest there. */
  newestElsewhere?: (() => Promise<FeeSchedule | null>) | undefined;
}): FeeSchedules {
  const { pool, bus, log } = options;
  let rules = NO_FEES;

  const find = async (version: number | null): Promise<FeeScheduleVersion | undefined> => {
    const { rows } = await pool.query<ScheduleRow>(findFeeSchedule, [version]);
    return rows[0] === undefined ? undefined : scheduleFromRow(rows[0]);
  };

  /** A copy lets this shard start, and charge, while the other is away. */
  async function copyElsewhere(): Promise<void> {
    const newest = await options.newestElsewhere?.().catch((error: unknown) => {
      log.debug({ problem: faultText(error) }, 'the fee schedule is copied later');
    });
    if (!newest || newest.version <= rules.version) return;
    const { version, rules: copied, changedAt = null } = newest;
    await pool.query(copyFeeSchedule, [version, JSON.stringify(copied), changedAt]);
  }

  async function reload(): Promise<void> {
    await copyElsewhere();
    const newest = await find(null);
    // Two loads may overtake each other: versions only grow.
    if (newest === undefined || newest.version <= rules.version) return;
    rules = feeRulesOf(newest);
    log.info({ version: newest.version }, 'the fee schedule has changed');
  }

  function reloadLater(): void {
    reload().catch((error: unknown) => {
      log.debug({ problem: faultText(error) }, 'the fee schedule is read later');
    });
  }

  options.metrics.gauge({
    name: 'ledger_fee_schedule_version',
    help: 'Version of the fee schedule that this process charges by',
    collect() {
      this.set(rules.version);
    },
  });
  const heard = bus.nc.subscribe(FEES_CHANGED_SUBJECT, { callback: reloadLater });
  const timer = setInterval(reloadLater, RELOAD_MS);

  return {
    current: () => rules,
    reload,
    async get({ version }) {
      const schedule = version === 0 ? undefined : await find(version ?? null);
      if (schedule === undefined) return { schedule: (version ?? 0) === 0 ? FIRST : null };
      const { changedBy: _, note: __, ...shown } = schedule;
      return { schedule: shown };
    },
    async list({ before, limit }) {
      const { rows } = await pool.query<ScheduleRow>(listFeeSchedules, [before ?? null, limit]);
      return { items: rows.map(scheduleFromRow) };
    },
    async set({ basedOn, rules: wanted, changedBy, note }) {
      const json = JSON.stringify(wanted);
      const values = [basedOn, json, changedBy, note ?? null];
      const { rows } = await pool.query<ScheduleRow>(addFeeSchedule, values);
      if (rows[0] !== undefined) {
        await reload();
        bus.nc.publish(FEES_CHANGED_SUBJECT);
        return { ok: true, schedule: scheduleFromRow(rows[0]) };
      }
      const newest = await find(null);
      const isOurs =
        newest?.version === basedOn + 1 &&
        newest.changedBy === changedBy &&
        JSON.stringify(newest.rules) === json;
      return isOurs ? { ok: true, schedule: newest } : { ok: false, version: newest?.version ?? 0 };
    },
    stop() {
      clearInterval(timer);
      heard.unsubscribe();
    },
  };
}
