import {
  entryView,
  pageOf,
  pageQuery,
  statementQuery,
  statementView,
  type Entry,
} from '@florin/contracts';
import type { Ledger } from '../adapters/ledger.ts';
import type { WalletDirectory } from '../adapters/wallet-directory.ts';
import { isRefusal } from '../domain/refusal.ts';
import { route, type Route } from '../rest/route.ts';
import type { WriteStatement } from '../statements/write-statement.ts';
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
      problems: ['not-found', 'archived'],
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
      description:
        'from is included, to is not. As JSON or, with `format`, as a table (csv) or on paper ' +
        '(pdf, up to 10,000 entries). All of it is as of `takenAt`: the books of one moment.',
      access: 'wallets:read',
      query: statementQuery,
      answers: { 200: { description: 'The statement', schema: statementView } },
      problems: ['not-found', 'archived'],
      async handle({ caller, params: { id }, query: { from, to, format } }) {
        const facts = visibleWallet(await directory.find(id), caller, id);
        if (isRefusal(facts)) return facts;
        const file = await writeStatement(id, { from, to }, format);
        if (isRefusal(file)) return file;
        const name = `statement-${id}.${format}`;
        return {
          status: 200,
          contentType: file.contentType,
          headers:
            format === 'json' ? {} : { 'content-disposition': `attachment; filename="${name}"` },
          stream: file.send,
        };
      },
    }),
  ];
}
