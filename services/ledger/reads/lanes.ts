import { partitionToken, STREAMS, type LANE_REQUESTS, type LaneView } from '@florin/contracts';
import type { Bus } from '@florin/messaging';
import { soon } from '@florin/runtime';
import type pg from 'pg';
import type { z } from 'zod';
import { listLaneLetters, listLanes, type LaneLetterRow, type LaneRow } from '../sql/lanes.ts';

type Requests = typeof LANE_REQUESTS;
type Response<Name extends keyof Requests> = z.infer<Requests[Name]['response']>;

/** Age of the oldest order of a lane that is stored and not decided, 0 when there is none. */
async function lagOf(bus: Bus, row: LaneRow, nowMs: number): Promise<number> {
  const subject = `txn.ready.${partitionToken(row.partition)}.*`;
  const next = { seq: Number(row.position) + 1, next_by_subj: subject };
  const message = await bus.jsm.streams.getMessage(STREAMS.transactions, next);
  return message === null ? 0 : Math.max(0, (nowMs - message.time.getTime()) / 1000);
}

function viewOf(row: LaneRow, lagSeconds: number | null): LaneView {
  const { partition, owner, epoch, event_sequence: events, published_sequence: told } = row;
  return {
    partition,
    owner,
    epoch: Number(epoch),
    events: Number(events),
    untold: Number(events - told),
    lagSeconds,
    ...(row.halted_reason === null ? {} : { haltedReason: row.halted_reason }),
  };
}

/** Where the lanes of these books stand, and what in them nobody could understand. */
export const createLaneReads = (pool: pg.Pool, bus: Bus, nowUs: () => number) => ({
  async listLanes(): Promise<Response<'listLanes'>> {
    const { rows } = await pool.query<LaneRow>(listLanes);
    const nowMs = nowUs() / 1000;
    // Where the streams are away, the books still tell the rest.
    const lags = await Promise.all(
      rows.map((row) => soon(lagOf(bus, row, nowMs).catch(() => undefined))),
    );
    return { lanes: rows.map((row, at) => viewOf(row, lags[at] ?? null)) };
  },

  async listLaneLetters({ limit }: { limit: number }): Promise<Response<'listLaneLetters'>> {
    const { rows } = await pool.query<LaneLetterRow>(listLaneLetters, [limit]);
    return {
      letters: rows.map(
        ({ partition, stream_sequence: sequence, item, reason, created_at: at }) => ({
          partition,
          sequence: String(sequence),
          item,
          reason,
          at: at.toISOString(),
        }),
      ),
    };
  },
});
