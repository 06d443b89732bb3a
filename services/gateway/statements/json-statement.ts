import type { StatementEntry } from '@florin/contracts';
import type { Statement } from './write-statement.ts';

const viewOf = ({ walletId, ...entry }: StatementEntry): string =>
  JSON.stringify({ id: `${walletId}.${entry.sequence}`, ...entry });

/** The statement as one object, its entries last. */
export async function* jsonStatement(statement: Statement): AsyncIterable<string> {
  const { walletId, currency, from, to, openingBalance, closingBalance, takenAt } = statement;
  const period = { from: from ?? null, to: to ?? null };
  const head = { walletId, currency, ...period, takenAt, openingBalance, closingBalance };
  yield `${JSON.stringify(head).slice(0, -1)},"entries":[`;
  let separator = '';
  for await (const piece of statement.entries()) {
    if (piece.length === 0) continue;
    yield separator + piece.map(viewOf).join();
    separator = ',';
  }
  yield ']}';
}
