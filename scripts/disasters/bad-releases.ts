/** What a new version has otherwise than the one that lies here. */
export interface Plant {
  /** How the path of the source ends. */
  file: string;
  from: string;
  to: string;
}

export interface BadRelease {
  name: string;
  plants: readonly Plant[];
  /** The alert that tells of it; undefined: it is never ready, so that its rollout stops there. */
  alert?: string;
  /** Somebody asks meanwhile for more than there is. */
  asksForTooMuch?: true;
  /** Its partitions have halted, and go on when somebody lets them. */
  halts?: true;
}

const LEDGER = 'services/ledger/';

/** Versions of the ledger as they must never leave anybody's machine, and one day will. */
export const BAD_RELEASES: readonly BadRelease[] = [
  {
    name: 'it reads a column that no migration has made',
    plants: [
      {
        file: `${LEDGER}sql/read-partition.ts`,
        from: 'watched_position, halted_reason',
        to: 'watched_position, halted_reason, halted_since',
      },
    ],
  },
  {
    name: 'it credits more than it debits',
    plants: [
      {
        file: `${LEDGER}domain/posting.ts`,
        from: 'addEntry(transactionId, credited, amount,',
        to: 'addEntry(transactionId, credited, amount + 1n,',
      },
    ],
    alert: 'PartitionHalted',
    halts: true,
  },
  {
    name: 'it lets everybody pay what they don’t have',
    plants: [
      {
        file: `${LEDGER}domain/rules.ts`,
        from: 'const short = ',
        to: 'const short = false && ',
      },
      {
        file: `${LEDGER}domain/posting.ts`,
        from: 'assert(availableOf(debited) >= -debited.overdraftLimit,',
        to: 'assert(true,',
      },
    ],
    alert: 'PartitionHalted',
    asksForTooMuch: true,
    halts: true,
  },
  {
    name: 'it understands only the next version of orders',
    plants: [
      {
        file: `${LEDGER}lane/decode-message.ts`,
        from: 'laneMessage.safeParse(event)',
        to: "laneMessage.safeParse({ ...event, type: String(event.type).replace('.v1', '.v0') })",
      },
    ],
    alert: 'DeadLetters',
  },
];
