import { faultText } from '@florin/kernel';
import { isTransient } from '@florin/postgres';
import type { Logger } from '@florin/runtime';
import type { Bank } from './adapters/bank.ts';
import type { PaymentStore } from './adapters/payment-store.ts';
import { isCallable, roomFor } from './domain/circuit.ts';
import { isOutcome } from './domain/payment.ts';
import type { ClaimedPayment } from './sql/claimed-row.ts';
import type { Taken } from './take-step.ts';

export interface WorkQueueOptions {
  store: Pick<PaymentStore, 'claimForBanks' | 'claimForLedger'>;
  banks: ReadonlyMap<string, Pick<Bank, 'name' | 'circuit'>>;
  takeStep(payment: ClaimedPayment, mayGoOn: boolean): Promise<Taken>;
  log: Logger;
  /** Payments in work at the same time at each bank. */
  bankConcurrency: number;
  /** How often to look for what other processes left behind. */
  pollMs: number;
}

/** Takes up due payments and works on them, each until it has to wait for something. */
export interface WorkQueue {
  start(): void;
  /** Something may be due: now, or in so many milliseconds. */
  wake(inMs?: number): void;
  /** Takes up nothing more; resolves when what is in work has come to the end of its step. */
  stop(): Promise<void>;
}

/** Wake-ups are rounded to this: a thousand payments don't wake the queue a thousand times. */
const WAKE_GRID_MS = 20;
/** Outcomes in work with the ledger at the same time. */
const LEDGER_CONCURRENCY = 256;
/** The lane of payments that wait for the ledger; no bank is called so. */
const LEDGER_LANE = '(ledger)';

const laneOf = (payment: ClaimedPayment): string =>
  isOutcome(payment.state) ? LEDGER_LANE : payment.bank;

/** Collects wake-ups, at most one for each point of the grid. */
function createAlarm(ring: () => void) {
  const timers = new Map<number, NodeJS.Timeout>();
  return {
    set(inMs: number): void {
      const at = Math.ceil((performance.now() + inMs) / WAKE_GRID_MS);
      if (timers.has(at)) return;
      const timer = setTimeout(() => {
        timers.delete(at);
        ring();
      }, inMs);
      timers.set(at, timer);
    },
    clear(): void {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}

export function createWorkQueue(options: WorkQueueOptions): WorkQueue {
  const { store, banks, takeStep, log, bankConcurrency, pollMs } = options;
  const busy = new Map<string, number>();
  const working = new Set<Promise<void>>();
  const alarm = createAlarm(() => wake());
  let stopped = false;
  let claiming: Promise<void> | undefined;
  let wanted = false;
  /** The last claim took all it had room for: there may be more. */
  let backlog = false;
  let poll: NodeJS.Timeout | undefined;

  const busyIn = (lane: string): number => busy.get(lane) ?? 0;
  const occupy = (lane: string, change: 1 | -1) => void busy.set(lane, busyIn(lane) + change);

  /** Works on until the payment has to wait, is done, or belongs to another process. */
  async function workOn(payment: ClaimedPayment, firstLane: string): Promise<void> {
    let lane = firstLane;
    let current = payment;
    try {
      for (;;) {
        const taken = await takeStep(current, !stopped);
        if (taken === 'claim-lost' || taken.payment.state === 'done') return;
        if (taken.dueInMs > 0) return wakeAfter(taken.dueInMs);
        if (stopped) return;
        current = taken.payment;
        occupy(lane, -1);
        lane = laneOf(current);
        occupy(lane, 1);
      }
    } catch (error) {
      // Nothing is lost: the claim ends, and the payment is taken up again where it stands.
      const { transactionId, state } = current;
      const level = isTransient(error) ? 'warn' : 'error';
      log[level]({ err: error, transactionId, state }, 'a payment has to wait');
    } finally {
      occupy(lane, -1);
    }
  }

  function begin(payment: ClaimedPayment): void {
    // Occupied before anything is awaited, so that the next claim knows of it.
    const lane = laneOf(payment);
    occupy(lane, 1);
    const work = workOn(payment, lane).finally(() => {
      working.delete(work);
      if (backlog) wake();
    });
    working.add(work);
  }

  async function claimOnce(): Promise<void> {
    const rooms = [...banks.values()].map((bank) => ({
      bank: bank.name,
      room: roomFor(bank.circuit(), busyIn(bank.name), bankConcurrency),
      callable: isCallable(bank.circuit()),
    }));
    const ledgerRoom = Math.max(0, LEDGER_CONCURRENCY - busyIn(LEDGER_LANE));
    const [forBanks, forLedger] = await Promise.all([
      store.claimForBanks(rooms.filter(({ room }) => room > 0)),
      store.claimForLedger(ledgerRoom),
    ]);
    const claimed = Map.groupBy(forBanks, ({ bank }) => bank);
    backlog =
      rooms.some(({ bank, room }) => (claimed.get(bank)?.length ?? 0) >= room) ||
      forLedger.length >= ledgerRoom;
    for (const payment of [...forBanks, ...forLedger]) begin(payment);
  }

  async function claimWhileWanted(): Promise<void> {
    try {
      while (wanted && !stopped) {
        wanted = false;
        await claimOnce();
      }
    } catch (error) {
      log.warn({ reason: faultText(error) }, 'due payments can not be claimed');
    } finally {
      claiming = undefined;
    }
  }

  function wake(): void {
    if (stopped) return;
    wanted = true;
    claiming ??= claimWhileWanted();
  }

  function wakeAfter(inMs: number): void {
    // What is due later is found by the regular look.
    if (!stopped && inMs < pollMs) alarm.set(inMs);
  }

  return {
    start() {
      poll = setInterval(wake, pollMs);
      wake();
    },
    wake: (inMs = 0) => (inMs > 0 ? wakeAfter(inMs) : wake()),
    async stop() {
      stopped = true;
      clearInterval(poll);
      alarm.clear();
      await claiming;
      await Promise.all(working);
    },
  };
}
