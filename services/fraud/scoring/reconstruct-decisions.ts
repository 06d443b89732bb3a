import { setTimeout as delay } from 'node:timers/promises';
import { faultText } from '@florin/kernel';
import type { Bus, Incoming } from '@florin/messaging';
import { backoffMs, type Logger } from '@florin/runtime';
import type { DecisionRow } from '../adapters/decision-parameters.ts';
import { readRange } from '../adapters/read-range.ts';
import type { ReadTold } from '../adapters/read-told.ts';
import type { StoreDecisions } from '../adapters/store-decisions.ts';
import type { Told } from '../domain/told-risks.ts';
import type { Lane } from './lane.ts';
import type { Assessed, ScoringLoop } from './scoring-loop.ts';

/** Scored in one go: live payments wait for a few milliseconds. */
const MESSAGES_AT_ONCE = 128;
const RETRY = { baseMs: 200, capMs: 5_000 };

/** A part of a stream of orders: after one sequence, up to another. */
export interface Past {
  after: number;
  upTo: number;
  createdAt: string;
  signal: AbortSignal;
}

/**
 * Writes down what others have decided and had no time to write: a process that was killed, or the
 * policy beside the ledger. The decision is the one that was told; what it would be made of today
 * stands beside it. Whoever has written one before is believed.
 *
 * Nobody waits for it: lanes come one after the other, each a little at a time. The position of a
 * lane stays behind what is written, so that the next owner goes on where this one stopped.
 */
export function createReconstruction(deps: {
  bus: Bus;
  loop: Pick<ScoringLoop, 'assess'>;
  store: StoreDecisions;
  readTold: ReadTold;
  /** A lane's position may have grown. */
  touch(lane: Lane): void;
  log: Logger;
}) {
  let lanes: Promise<void> = Promise.resolve();

  async function reconstruct(lane: Lane, past: Past): Promise<void> {
    const { upTo, signal } = past;
    let { after } = past;
    for (let failures = 0; after < upTo && !signal.aborted;) {
      try {
        after = await reconstructSome(lane, { ...past, after });
        if (signal.aborted) return;
        lane.holdPosition(after < upTo ? after : undefined);
        deps.touch(lane);
        failures = 0;
      } catch (error) {
        failures++;
        const problem = faultText(error);
        deps.log.warn({ partition: lane.partition, problem }, 'decisions are completed later');
        const waitMs = backoffMs(failures, RETRY);
        await delay(waitMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Answers how far it came. */
  async function reconstructSome({ partition }: Lane, past: Past): Promise<number> {
    const { createdAt, signal, upTo } = past;
    const messages = await readSome(partition, past);
    const assessed = deps.loop.assess(messages);
    const asked = assessed
      .filter(({ verdicts }) => verdicts.length > 0)
      .map(({ message: { id, sequence, orders } }) => ({
        id,
        sequence,
        transactionIds: orders.map(({ event }) => event.data.transactionId),
      }));
    const told = await deps.readTold({ partition, createdAt, signal }, asked);
    if (!signal.aborted) await deps.store(assessed.map((one) => rowsOf(one, told)));
    const isAll = messages.length < MESSAGES_AT_ONCE;
    return isAll ? upTo : (messages.at(-1)?.sequence ?? upTo);
  }

  async function readSome(partition: number, past: Past): Promise<Incoming[]> {
    const messages: Incoming[] = [];
    const enough = new AbortController();
    const signal = AbortSignal.any([past.signal, enough.signal]);
    await readRange(deps.bus, { ...past, signal, stage: 'initiated', partition }, (message) => {
      messages.push({ ...message, body: message.body.slice() });
      if (messages.length === MESSAGES_AT_ONCE) enough.abort();
    });
    return messages;
  }

  /** Comes back at once; until it is done, the lane's position stays where it is. */
  return function begin(lane: Lane, past: Past): void {
    lane.holdPosition(past.after);
    lanes = lanes.then(() => reconstruct(lane, past));
  };
}

/** Where nobody told a risk, nobody was asked for one. */
function rowsOf({ message, verdicts }: Assessed, toldBy: ReadonlyMap<string, Told>): DecisionRow[] {
  const rows: DecisionRow[] = [];
  for (const verdict of verdicts) {
    const told = toldBy.get(verdict.order.event.data.transactionId);
    if (told !== undefined) rows.push({ verdict, position: message.sequence, told });
  }
  return rows;
}
