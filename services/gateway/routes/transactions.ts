import {
  anyTransactionsQuery,
  pageOf,
  transactionsQuery,
  transactionView,
  type Transaction,
} from '@florin/contracts';
import type { WalletDirectory } from '../adapters/wallet-directory.ts';
import { mayLookIntoEverything, mayLookIntoWalletOf, type Caller } from '../domain/caller.ts';
import { isRefusal, refusal, type Refusal } from '../domain/refusal.ts';
import {
  counterpartyView,
  insightOf,
  ownView,
  type TransactionView,
} from '../domain/transaction-view.ts';
import type { FindTransaction } from '../find-transaction.ts';
import { route, type Answer, type Route } from '../rest/route.ts';
import type { SearchScope, SearchTransactions } from '../search-transactions.ts';
import { visibleWallet } from './wallet-access.ts';

interface TransactionRouteDeps {
  directory: WalletDirectory;
  searchTransactions: SearchTransactions;
  findTransaction: FindTransaction;
}

/**
 * A transaction as far as this caller may see it. The receiver of a transfer sees that money came,
 * neither what the payer has left nor attempts that failed.
 */
async function viewFor(
  caller: Caller,
  transaction: Transaction,
  directory: WalletDirectory,
): Promise<TransactionView | undefined> {
  const { walletId, counterpartyWalletId, status } = transaction;
  const [payer, receiver] = await Promise.all([
    directory.find(walletId),
    counterpartyWalletId === undefined ? undefined : directory.find(counterpartyWalletId),
  ]);
  if (payer !== undefined && mayLookIntoWalletOf(caller, payer.ownerId)) {
    return ownView(transaction, insightOf(caller));
  }
  // A correction at a bank: of an account that is the platform's own.
  if (payer === undefined && mayLookIntoEverything(caller)) {
    return ownView(transaction, insightOf(caller));
  }
  const receives = receiver !== undefined && mayLookIntoWalletOf(caller, receiver.ownerId);
  return receives && status !== 'failed' ? counterpartyView(transaction) : undefined;
}

/** Whose transactions are listed: of one wallet, of all of the caller's, of all there are. */
async function scopeOf(
  caller: Caller,
  walletId: string | undefined,
  directory: WalletDirectory,
): Promise<SearchScope | Refusal> {
  if (walletId === undefined) return caller.kind === 'machine' ? {} : { ownerId: caller.id };
  const facts = visibleWallet(await directory.find(walletId), caller, walletId);
  return isRefusal(facts) ? facts : { walletIds: [walletId] };
}

type Page = Awaited<ReturnType<SearchTransactions>>;

async function viewPage(
  caller: Caller,
  { items, nextCursor }: Page,
  directory: WalletDirectory,
): Promise<Answer> {
  const views = await Promise.all(items.map((one) => viewFor(caller, one, directory)));
  const seen = views.filter((view) => view !== undefined);
  return { status: 200, body: { items: seen, nextCursor } };
}

export function transactionRoutes(deps: TransactionRouteDeps): Route[] {
  const { directory, searchTransactions } = deps;
  return [
    route({
      method: 'GET',
      path: '/v1/transactions',
      tag: 'Transactions',
      summary: 'Transactions of the caller’s wallets, newest first',
      description:
        'Machine clients see those of all wallets, operators those of any wallet they name. ' +
        'What was acknowledged is found at once. A page may hold fewer items than its limit, ' +
        'even none: only nextCursor tells where the list ends.',
      access: 'transactions:read',
      query: transactionsQuery,
      answers: { 200: { description: 'A page', schema: pageOf(transactionView) } },
      problems: ['not-found', 'archived'],
      async handle({ caller, query: { walletId, ...query } }) {
        const scope = await scopeOf(caller, walletId, directory);
        if (isRefusal(scope)) return scope;
        return viewPage(caller, await searchTransactions(scope, query), directory);
      },
    }),
    route({
      method: 'GET',
      path: '/v1/admin/transactions',
      tag: 'Operators',
      summary: 'Search the transactions of all wallets, newest first',
      description:
        'Of one wallet with `walletId`, of one person with `ownerId`. By metadata they are found ' +
        'at once; other searches look through some 20,000 transactions for a page.',
      access: 'admin',
      query: anyTransactionsQuery,
      answers: { 200: { description: 'A page', schema: pageOf(transactionView) } },
      async handle({ caller, query: { walletId, ownerId, ...query } }) {
        const named = walletId === undefined ? {} : { walletIds: [walletId] };
        const scope = ownerId === undefined ? named : { ownerId, ...named };
        return viewPage(caller, await searchTransactions(scope, query), directory);
      },
    }),
    route({
      method: 'GET',
      path: '/v1/transactions/:id',
      tag: 'Transactions',
      summary: 'One transaction',
      description: 'What was answered with 202 is found here from that moment on.',
      access: 'transactions:read',
      answers: { 200: { description: 'The transaction as it is now', schema: transactionView } },
      problems: ['not-found'],
      async handle({ caller, params: { id } }) {
        const transaction = await deps.findTransaction(id);
        const view =
          transaction === undefined
            ? undefined
            : await viewFor(caller, transaction, deps.directory);
        if (view === undefined) return refusal('not-found', `there is no transaction ${id}`);
        return { status: 200, body: view };
      },
    }),
  ];
}
