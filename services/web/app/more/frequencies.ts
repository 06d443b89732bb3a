import type { ScheduledTransfer } from '@florin/contracts';

type Frequency = ScheduledTransfer['schedule']['frequency'];

/** As the contract has them, in the order in which they are offered; the compiler counts them. */
export const FREQUENCIES = Object.keys({
  monthly: true,
  weekly: true,
  daily: true,
  once: true,
} satisfies Record<Frequency, true>) as Frequency[];
