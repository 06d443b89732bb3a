import { z } from 'zod';
import { adjustmentProposal, ADJUSTMENT_SECONDS_MAX } from './adjustments.ts';
import { bankName, currency, id, minorText, plainText, timestamp } from './schema-fields.ts';

/** The largest file that people upload; what is fetched from a bank may be larger. */
export const STATEMENT_FILE_BYTES_MAX = 512 * 1024;

const day = z.iso.date().meta({ description: 'Day in UTC', examples: ['2026-11-20'] });

/** Minor units with a sign, as the bank counts: what it holds for us, and what is paid in, is +. */
const signedMinor = minorText.meta({ description: 'Minor units; + as the bank counts: ours' });

/** Where an entry of a statement has come to. `waiting`: its other side may still come. */
export const STATEMENT_ENTRY_STATES = ['matched', 'waiting', 'broken'] as const;

/** One of a bank’s statements of a day, as far as it went when it was written. */
export const bankStatement = z.object({
  id,
  bank: bankName,
  currency,
  day,
  from: timestamp,
  to: timestamp.meta({ description: 'Entries up to then are on it' }),
  complete: z.boolean().meta({ description: 'The day is over: it is the last one of the day' }),
  openingBalance: signedMinor,
  closingBalance: signedMinor,
  entries: z.number().int().nonnegative(),
  source: z.enum(['fetched', 'uploaded']),
  importedBy: z.string().optional().meta({ description: 'Who uploaded it' }),
  importedAt: timestamp,
});
export type BankStatement = z.infer<typeof bankStatement>;

/** An entry of the bank, and what it was matched with. */
export const bankStatementEntry = z.object({
  reference: z.string().meta({ description: 'The bank’s own name for it' }),
  endToEndId: z.string().optional().meta({ description: 'What we gave the bank along' }),
  amount: signedMinor,
  bookedAt: timestamp,
  valuedAt: timestamp,
  state: z.enum(STATEMENT_ENTRY_STATES),
  transactionId: id.optional().meta({ description: 'The transaction of our books it is' }),
  breakId: id.optional(),
});
export type BankStatementEntry = z.infer<typeof bankStatementEntry>;

/** `missing-here`: the bank booked what we did not; `missing-there`: the other way round. */
export const BREAK_KINDS = [
  'missing-here',
  'missing-there',
  'different-amount',
  'duplicate',
] as const;
export type BreakKind = (typeof BREAK_KINDS)[number];

/** `rejected`: a proposal was turned down, and another one can be made. */
export const BREAK_STATUSES = ['open', 'proposed', 'rejected', 'resolved'] as const;
export type BreakStatus = (typeof BREAK_STATUSES)[number];

/**
 * `correct`: the clearing account is adjusted by the difference, against the suspense account.
 * `explain`: nothing is posted, a note says why.
 */
export const BREAK_ACTIONS = ['correct', 'explain'] as const;

/** What a proposal would post. */
export const breakCorrection = adjustmentProposal
  .pick({ adjustmentId: true, direction: true, amount: true })
  .extend({ expiresAt: timestamp });

/** A difference between a bank’s statements and our clearing account, worked as a case. */
export const statementBreak = z.object({
  id,
  bank: bankName,
  currency,
  kind: z.enum(BREAK_KINDS),
  status: z.enum(BREAK_STATUSES),
  reference: z.string().optional().meta({ description: 'The bank’s entry' }),
  endToEndId: z.string().optional(),
  transactionId: id.optional().meta({ description: 'The transaction of our books' }),
  bankAmount: signedMinor.optional(),
  bookAmount: signedMinor.optional(),
  difference: signedMinor.meta({ description: 'What the bank has more than we' }),
  bookedAt: timestamp.meta({ description: 'When the side that exists was booked' }),
  foundAt: timestamp,
  action: z.enum(BREAK_ACTIONS).optional(),
  note: z.string().optional(),
  proposedBy: id.optional(),
  proposedAt: timestamp.optional(),
  correction: breakCorrection.optional(),
  decidedBy: id.optional(),
  decidedAt: timestamp.optional(),
  decisionNote: z.string().optional(),
  resolution: z.enum(['corrected', 'explained', 'matched']).optional().meta({
    description: 'matched: its other side came after all',
  }),
  resolvedAt: timestamp.optional(),
});
export type StatementBreak = z.infer<typeof statementBreak>;

export const breakStep = z.object({
  at: timestamp,
  step: z.enum(['found', 'proposed', 'approved', 'rejected', 'matched', 'reopened']),
  by: id.optional(),
  action: z.enum(BREAK_ACTIONS).optional(),
  note: z.string().optional(),
});
export const statementBreakWithHistory = statementBreak.extend({ history: z.array(breakStep) });

/** How an account at a bank stands beside our clearing account. */
export const bankReconciliation = z.object({
  bank: bankName,
  currency,
  statementUntil: timestamp.nullable().meta({ description: 'Null before the first statement' }),
  booksUntil: timestamp,
  bankBalance: signedMinor,
  bookBalance: signedMinor.meta({ description: 'Of the clearing account, as the bank counts' }),
  difference: signedMinor,
  inBreaks: signedMinor.meta({ description: 'Of it in breaks that nobody has corrected' }),
  waiting: signedMinor.meta({ description: 'Of it in entries whose other side may still come' }),
  unexplained: signedMinor.meta({ description: 'The rest: a statement is missing, or wrong' }),
  openBreaks: z.number().int().nonnegative(),
});
export type BankReconciliation = z.infer<typeof bankReconciliation>;

const cursor = z.string().max(200).optional();
const limit = z.number().int().min(1).max(100);
const page = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/** One that was imported; `replayed`: it was there already, and nothing has changed. */
export const importedStatement = bankStatement.extend({ replayed: z.boolean() });

export const IMPORT_REFUSALS = ['malformed', 'unknown-bank', 'outdated'] as const;
export const BREAK_REFUSALS = ['not-found', 'four-eyes', 'not-now', 'nothing-to-correct'] as const;

const refused = <Codes extends readonly [string, ...string[]]>(codes: Codes) =>
  z.object({ ok: z.literal(false), code: z.enum(codes), detail: z.string() });
const changedBreak = z.union([
  z.object({
    ok: z.literal(true),
    break: statementBreak,
    /** How many proposals it has had: names the proposal in the audit log. */
    round: z.number().int(),
    replayed: z.boolean(),
  }),
  refused(BREAK_REFUSALS),
]);

/** What may be asked of banking about statements of banks and what differs from them. */
export const STATEMENT_REQUESTS = {
  importStatements: {
    subject: 'rpc.banking.import-statements',
    request: z.object({
      /** The file, CSV or camt.053, in base64. */
      content: z.base64().max(STATEMENT_FILE_BYTES_MAX * 2),
      importedBy: z.string().min(1).max(100),
    }),
    response: z.union([
      z.object({ ok: z.literal(true), statements: z.array(importedStatement) }),
      refused(IMPORT_REFUSALS),
    ]),
  },
  /** Asks the banks for what they have by now, and matches it with the books. */
  fetchStatements: {
    subject: 'rpc.banking.fetch-statements',
    request: z.object({ bank: bankName.optional() }),
    response: z.object({
      statements: z.array(importedStatement),
      failures: z.array(z.object({ bank: bankName, detail: z.string() })),
    }),
  },
  listStatements: {
    subject: 'rpc.banking.list-statements',
    request: z.object({
      bank: bankName.optional(),
      currency: currency.optional(),
      cursor,
      limit,
    }),
    response: page(bankStatement),
  },
  getStatement: {
    subject: 'rpc.banking.get-statement',
    request: z.object({ id }),
    response: z.object({ statement: bankStatement.nullable() }),
  },
  /** In the order in which the bank booked them. */
  listStatementEntries: {
    subject: 'rpc.banking.list-statement-entries',
    request: z.object({
      statementId: id,
      state: z.enum(STATEMENT_ENTRY_STATES).optional(),
      cursor,
      limit,
    }),
    response: page(bankStatementEntry),
  },
  listBreaks: {
    subject: 'rpc.banking.list-breaks',
    request: z.object({
      statuses: z.array(z.enum(BREAK_STATUSES)).max(BREAK_STATUSES.length).optional(),
      bank: bankName.optional(),
      kind: z.enum(BREAK_KINDS).optional(),
      cursor,
      limit,
    }),
    response: page(statementBreak),
  },
  getBreak: {
    subject: 'rpc.banking.get-break',
    request: z.object({ id }),
    response: z.object({ break: statementBreakWithHistory.nullable() }),
  },
  proposeResolution: {
    subject: 'rpc.banking.propose-resolution',
    request: z.object({
      id,
      action: z.enum(BREAK_ACTIONS),
      note: plainText(500).min(1),
      proposedBy: id,
      expiresInSeconds: z.number().int().min(1).max(ADJUSTMENT_SECONDS_MAX),
    }),
    response: changedBreak,
  },
  /** A correction is approved and rejected in the ledger first: its word is what counts. */
  decideResolution: {
    subject: 'rpc.banking.decide-resolution',
    request: z.object({
      id,
      verdict: z.enum(['approve', 'reject']),
      decidedBy: id,
      note: plainText(500).optional(),
    }),
    response: changedBreak,
  },
  reconcileBanks: {
    subject: 'rpc.banking.reconcile-banks',
    request: z.object({}),
    response: z.object({ accounts: z.array(bankReconciliation) }),
  },
} as const;
