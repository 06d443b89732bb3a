import { z } from 'zod';
import { pageQuery } from './rest.ts';
import { bankName, currency, id, plainText } from './schema-fields.ts';
import {
  bankStatement,
  bankStatementEntry,
  BREAK_ACTIONS,
  BREAK_KINDS,
  BREAK_STATUSES,
  importedStatement,
  STATEMENT_ENTRY_STATES,
  STATEMENT_REQUESTS,
  statementBreak,
  statementBreakWithHistory,
} from './statements.ts';

/** Bodies and answers of the REST API about statements of banks, and what differs from them. */

export const statementsQuery = pageQuery.extend({
  bank: bankName.optional(),
  currency: currency.optional(),
});
export const bankStatementView = bankStatement;

export const statementEntriesQuery = pageQuery.extend({
  state: z.enum(STATEMENT_ENTRY_STATES).optional(),
});
export const bankStatementEntryView = bankStatementEntry;

export const statementUploadBody = z.strictObject({
  file: z.file().meta({ description: 'CSV or camt.053, told by its content; 512 KiB at most' }),
});
export const importedStatementsView = z.object({ items: z.array(importedStatement) });

export const fetchStatementsBody = z.strictObject({ bank: bankName.optional() });
export const fetchedStatementsView = importedStatementsView.extend({
  failures: STATEMENT_REQUESTS.fetchStatements.response.shape.failures,
});

export const breaksQuery = pageQuery.extend({
  status: z
    .enum([...BREAK_STATUSES, 'unresolved', 'any'])
    .default('unresolved')
    .meta({ description: 'unresolved: open, proposed or rejected' }),
  bank: bankName.optional(),
  kind: z.enum(BREAK_KINDS).optional(),
});
export const breakView = statementBreak;
export const breakWithHistoryView = statementBreakWithHistory;

export const breakProposalBody = z.strictObject({
  action: z.enum(BREAK_ACTIONS).meta({
    description:
      'correct: adjust the clearing account by the difference, against the suspense account; ' +
      'explain: post nothing, the note says why',
  }),
  note: plainText(500).min(1).meta({ description: 'Why: for colleagues and the audit log' }),
});
/** A break after a verdict, and what it has posted. */
export const decidedBreakView = statementBreak.extend({
  transactionPosted: id.optional().meta({ description: 'The transaction of a correction' }),
});
