import type { DeadLetterView } from '@florin/contracts';
import {
  readDeadLetters,
  redeliverDeadLetter,
  removeDeadLetter,
  takesAgain,
  type Bus,
  type Redelivered,
} from '@florin/messaging';
import type { Lanes } from './lanes.ts';

/** So many of each kind are shown: beyond, something is broken that no list mends. */
export const LETTERS_MAX = 500;

const STORED = /^dlq-([1-9][0-9]{0,15})$/;

export interface DeadLetters {
  /** The newest first. */
  list(): Promise<DeadLetterView[]>;
  redeliver(id: string): Promise<Redelivered>;
  /** False where there is none (any more), or where it is not to be removed. */
  discard(id: string): Promise<boolean>;
}

/** What consumers of streams have put aside, and what nobody understood in the ledger’s lanes. */
export function createDeadLetters(bus: Bus, lanes: Pick<Lanes, 'listLaneLetters'>): DeadLetters {
  const sequenceOf = (id: string): number | undefined => {
    const [, digits] = STORED.exec(id) ?? [];
    return digits === undefined ? undefined : Number(digits);
  };

  async function ofConsumers(): Promise<DeadLetterView[]> {
    const letters = await readDeadLetters(bus, LETTERS_MAX);
    return letters.map(({ sequence, service, reader, at, place, reason }) => ({
      id: `dlq-${sequence}`,
      reader,
      at: at.toISOString(),
      place,
      reason,
      retryable: takesAgain(service, reader),
      removable: true,
    }));
  }

  async function ofLanes(): Promise<DeadLetterView[]> {
    const { letters } = await lanes.listLaneLetters({ limit: LETTERS_MAX });
    return letters.map(({ partition, sequence, item, reason, at }) => ({
      id: `lane-${partition}-${sequence}-${item}`,
      reader: 'ledger',
      at,
      place: `lane ${partition}, message ${sequence}, item ${item}`,
      reason,
      retryable: false,
      removable: false,
    }));
  }

  return {
    async list() {
      const found = await Promise.all([ofConsumers(), ofLanes()]);
      return found.flat().toSorted((a, b) => (a.at < b.at ? 1 : -1));
    },
    async redeliver(id) {
      const sequence = sequenceOf(id);
      return sequence === undefined
        ? { outcome: id.startsWith('lane-') ? 'not-retryable' : 'unknown' }
        : redeliverDeadLetter(bus, sequence);
    },
    async discard(id) {
      const sequence = sequenceOf(id);
      return sequence !== undefined && removeDeadLetter(bus, sequence);
    },
  };
}
