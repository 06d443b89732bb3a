import { TerminalError } from '@florin/kernel';
import type { Interceptor, QueryResultRow } from 'slonik';

/**
 * Makes `sql.type(schema)` true: each row passes its schema, and the caller gets what the schema
 * returns. The error names the columns and the statement, never the values of the row.
 */
export const rowValidation: Interceptor = {
  name: 'row-validation',
  transformRow: (context, query, row): QueryResultRow => {
    if (context.resultParser === undefined) return row;
    const outcome = context.resultParser['~standard'].validate(row);
    if (outcome instanceof Promise) throw new TerminalError('the schema of a row must not wait');
    if (outcome.issues === undefined) return outcome.value as QueryResultRow;
    const problems = outcome.issues.map(
      ({ path = [], message }) => `${path.map(String).join('.')}: ${message}`,
    );
    throw new TerminalError(`a row breaks its schema (${problems.join('; ')}) in: ${query.sql}`);
  },
};
