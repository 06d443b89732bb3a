import {
  entryView,
  pageOf,
  pageQuery,
  statementQuery,
  statementView,
  type Entry,
} from '@florin/contracts';
import type { Currency } from '@florin/kernel';
import type { Ledger } from '../adapters/ledger.ts';
import type { WalletDirectory } from '../adapters/wallet-directory.ts';
import { isRefusal } from '../domain/refusal.ts';
import { route, type Route } from '../rest/route.ts';
import type { WriteStatement } from '../write-statement.ts';
import { visibleWallet } from './wallet-access.ts';

interface HistoryRouteDeps {
  directory: WalletDirectory;
  ledger: Pick<Ledger, 'listEntries'>;
  writeStatement: WriteStatement;
}

const viewOf = ({ walletId, ...entry }: Entry) => ({
  id: `${walletId}.${entry.sequence}`,
  ...entry,
});

const COLUMNS = [
  'sequence',
  'createdAt',
  'transactionId',
  'direction',
  'amount',
  'balanceAfter',
] as const;

/** RFC 4180. No cell holds text that anybody chose, so none needs quotes. */
const csvOf = (entries: readonly Entry[], currency: Currency): string =>
  [
    [...COLUMNS, 'currency'],
    ...entries.map((entry) => [...COLUMNS.map((name) => entry[name]), currency]),
  ]
    .map((cells) => `${cells.join()}\r\n`)
    .join('');

export function walletHistoryRoutes(deps: HistoryRouteDeps): Route[] {
  const { directory, ledger, writeStatement } = deps;
  return [
    route({
      method: 'GET',
      path: '/v1/wallets/:id/entries',
      tag: 'Wallets',
      summary: 'Every movement of a wallet, newest first',
      access: 'wallets:read',
      query: pageQuery,
      answers: { 200: { description: 'A page', schema: pageOf(entryView) } },
      problems: ['not-found'],
      async handle({ caller, params: { id }, query: { limit, cursor } }) {
        const facts = visibleWallet(await directory.find(id), caller, id);
        if (isRefusal(facts)) return facts;
        const page = await ledger.listEntries({
          walletId: id,
          limit,
          ...(cursor === undefined ? {} : { cursor }),
        });
        return {
          status: 200,
          body: { items: page.items.map(viewOf), nextCursor: page.nextCursor },
        };
      },
    }),
    route({
      method: 'GET',
      path: '/v1/wallets/:id/statement',
      tag: 'Wallets',
      summary: 'Statement of a period, oldest entry first',
      description: 'from is included, to is not. As JSON or, with format=csv, as a table.',
      access: 'wallets:read',
      query: statementQuery,
      answers: { 200: { description: 'The statement', schema: statementView } },
      problems: ['not-found'],
      async handle({ caller, params: { id }, query: { from, to, format } }) {
        const facts = visibleWallet(await directory.find(id), caller, id);
        if (isRefusal(facts)) return facts;
        const statement = await writeStatement(id, { from, to });
        if (isRefusal(statement)) return statement;
        const { currency } = facts;
        if (format === 'csv') {
          return {
            status: 200,
            body: csvOf(statement.entries, currency),
            contentType: 'text/csv; charset=utf-8',
            headers: { 'content-disposition': `attachment; filename="statement-${id}.csv"` },
          };
        }
        const period = { from: from ?? null, to: to ?? null };
        const entries = statement.entries.map(viewOf);
        return { status: 200, body: { walletId: id, currency, ...period, ...statement, entries } };
      },
    }),
  ];
}
