import type { Transaction, Wallet } from '@florin/contracts';
import type { Clock } from '@florin/kernel';
import type { Identity } from './adapters/identity.ts';
import type { Ledger } from './adapters/ledger.ts';
import { csvOf } from './domain/csv.ts';
import type { Refusal } from './domain/refusal.ts';
import { zipOf } from './rest/zip.ts';
import { identityRefusal } from './domain/identity-refusal.ts';
import type { OwnSession } from './domain/own-session.ts';

interface ExportAccountDeps {
  identity: Pick<Identity, 'exportPerson'>;
  ledger: Pick<Ledger, 'listWallets' | 'listTransactions'>;
  clock: Clock;
}

export interface ExportFile {
  body: unknown;
  contentType: string;
  fileName: string;
}

const PAGE = 100;
/** More is cut off, and the export says so: it is put together in memory. */
const TRANSACTIONS_MAX = 50_000;

interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** All pages one after the other, up to a limit. */
async function collect<T>(
  max: number,
  ask: (position: { cursor?: string; limit: number }) => Promise<Page<T>>,
): Promise<{ items: T[]; complete: boolean }> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await ask({ limit: PAGE, ...(cursor === null ? {} : { cursor }) });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && items.length < max);
  return { items, complete: cursor === null };
}

const WALLET_COLUMNS = ['id', 'name', 'currency', 'status', 'posted', 'held', 'createdAt'];
const walletRow = ({ balances: { posted, held }, ...wallet }: Wallet) => ({
  ...wallet,
  posted,
  held,
});
const TRANSACTION_COLUMNS = [
  'id',
  'type',
  'status',
  'walletId',
  'counterpartyWalletId',
  'amount',
  'currency',
  'bankAccount',
  'description',
  'createdAt',
  'completedAt',
] as const satisfies (keyof Transaction)[];

/**
 * Everything held about a person, from all who hold something: who one is, what one agreed to, and
 * what the books say of one's wallets.
 */
export function createExportAccount({ identity, ledger, clock }: ExportAccountDeps) {
  return async (own: OwnSession, format: 'json' | 'zip'): Promise<ExportFile | Refusal> => {
    const answer = await identity.exportPerson(own);
    if (!answer.ok) return identityRefusal(answer);
    const { userId: ownerId } = own;
    const wallets = await collect(TRANSACTIONS_MAX, (position) =>
      ledger.listWallets({ ownerId, ...position }),
    );
    const transactions = await collect(TRANSACTIONS_MAX, (position) =>
      ledger.listTransactions({ ownerId, filter: {}, ...position }),
    );
    const content = {
      exportedAt: new Date(clock.nowMs()).toISOString(),
      ...answer.person,
      wallets: wallets.items,
      transactions: transactions.items,
      transactionsComplete: transactions.complete,
    };
    if (format === 'json') {
      return { body: content, contentType: 'application/json', fileName: 'florin-export.json' };
    }
    const files = {
      'export.json': JSON.stringify(content, null, 2),
      'wallets.csv': csvOf(WALLET_COLUMNS, wallets.items.map(walletRow)),
      'transactions.csv': csvOf(TRANSACTION_COLUMNS, transactions.items),
    };
    const body = zipOf(files, clock.nowMs());
    return { body, contentType: 'application/zip', fileName: 'florin-export.zip' };
  };
}

export type ExportAccount = ReturnType<typeof createExportAccount>;
