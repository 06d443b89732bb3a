import type { Transaction, Wallet } from '@florin/contracts';
import type { Clock } from '@florin/kernel';
import type { Banking } from './adapters/banking.ts';
import type { Identity } from './adapters/identity.ts';
import type { Kyc } from './adapters/kyc.ts';
import type { Ledger } from './adapters/ledger.ts';
import type { Notifications } from './adapters/notifications.ts';
import type { Rewards } from './adapters/rewards.ts';
import type { Payments } from './adapters/payments.ts';
import { csvOf } from './domain/csv.ts';
import type { Refusal } from './domain/refusal.ts';
import { zipOf } from './rest/zip.ts';
import { identityRefusal } from './domain/identity-refusal.ts';
import type { OwnSession } from './domain/own-session.ts';

interface ExportAccountDeps {
  identity: Pick<Identity, 'exportPerson'>;
  kyc: Pick<Kyc, 'getPerson'>;
  ledger: Pick<Ledger, 'listWallets' | 'listTransactions'>;
  notifications: Pick<
    Notifications,
    'listMessages' | 'listWebhooks' | 'getPreferences' | 'listMonitors'
  >;
  rewards: Pick<Rewards, 'listRewards'>;
  banking: Pick<Banking, 'listLinkedAccounts'>;
  payments: Pick<Payments, 'listSchedules' | 'listPaymentRequests' | 'listBulkFiles'>;
  clock: Clock;
}

export interface ExportFile {
  body: unknown;
  contentType: string;
  fileName: string;
}

const PAGE = 100;
/** More of a kind is cut off, and the export says so: it is put together in memory. */
const ITEMS_MAX = 50_000;

interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** All pages one after the other, up to a limit. */
async function collect<T>(
  ask: (position: { cursor?: string; limit: number }) => Promise<Page<T>>,
): Promise<{ items: T[]; complete: boolean }> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await ask({ limit: PAGE, ...(cursor === null ? {} : { cursor }) });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && items.length < ITEMS_MAX);
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

/** What somebody planned, asked for, was asked, and uploaded. */
async function collectPayments({ payments }: ExportAccountDeps, userId: string) {
  const own = { ownerId: userId };
  const [planned, files, asked, received] = await Promise.all([
    collect((position) => payments.listSchedules({ ...own, ...position })),
    collect((position) => payments.listBulkFiles({ ...own, ...position })),
    collect((position) =>
      payments.listPaymentRequests({ userId, direction: 'outgoing', ...position }),
    ),
    collect((position) =>
      payments.listPaymentRequests({ userId, direction: 'incoming', ...position }),
    ),
  ]);
  return {
    complete: [planned, files, asked, received].every(({ complete }) => complete),
    scheduledTransfers: planned.items,
    bulkFiles: files.items,
    // Whose e-mail it is that somebody wrote is not theirs to learn.
    paymentRequestsMade: asked.items.map(({ payerId: _payer, ...request }) => request),
    paymentRequestsReceived: received.items.map(({ fromEmail: _email, ...request }) => request),
  };
}

/** What others hold about a user. */
async function collectHoldings(
  deps: ExportAccountDeps,
  userId: string,
): Promise<{ wallets: Wallet[]; transactions: Transaction[]; rest: object }> {
  const { kyc, ledger, notifications, rewards, banking } = deps;
  const own = { ownerId: userId };
  const [
    { complete: allPayments, ...payments },
    wallets,
    transactions,
    messages,
    webhooks,
    monitors,
    earned,
    accounts,
    preferences,
    documents,
  ] = await Promise.all([
    collectPayments(deps, userId),
    collect((position) => ledger.listWallets({ ...own, ...position })),
    collect((position) => ledger.listTransactions({ ...own, filter: {}, ...position })),
    collect((position) => notifications.listMessages({ userId, unreadOnly: false, ...position })),
    collect((position) => notifications.listWebhooks({ ...own, ...position })),
    collect((position) => notifications.listMonitors({ ...own, ...position })),
    collect((position) => rewards.listRewards({ userId, ...position })),
    collect((position) => banking.listLinkedAccounts({ ...own, ...position })),
    notifications.getPreferences({ userId }),
    kyc.getPerson({ userId }),
  ]);
  const all = [wallets, transactions, messages, webhooks, monitors, earned, accounts];
  const rest = {
    complete: allPayments && all.every(({ complete }) => complete),
    ...payments,
    kyc: documents.kyc,
    messages: messages.items,
    webhooks: webhooks.items,
    balanceMonitors: monitors.items,
    rewards: earned.items,
    bankAccounts: accounts.items,
    preferences,
  };
  return { wallets: wallets.items, transactions: transactions.items, rest };
}

/**
 * Everything held about a person, from all who hold something: who one is, what one agreed to and
 * showed, what the books say of one's wallets, and what one was told.
 */
export function createExportAccount(deps: ExportAccountDeps) {
  const { identity, clock } = deps;
  return async (own: OwnSession, format: 'json' | 'zip'): Promise<ExportFile | Refusal> => {
    const answer = await identity.exportPerson(own);
    if (!answer.ok) return identityRefusal(answer);
    const { wallets, transactions, rest } = await collectHoldings(deps, own.userId);
    const exportedAt = new Date(clock.nowMs()).toISOString();
    const content = { exportedAt, ...answer.person, wallets, transactions, ...rest };
    if (format === 'json') {
      return { body: content, contentType: 'application/json', fileName: 'florin-export.json' };
    }
    const files = {
      'export.json': JSON.stringify(content, null, 2),
      'wallets.csv': csvOf(WALLET_COLUMNS, wallets.map(walletRow)),
      'transactions.csv': csvOf(TRANSACTION_COLUMNS, transactions),
    };
    const body = zipOf(files, clock.nowMs());
    return { body, contentType: 'application/zip', fileName: 'florin-export.zip' };
  };
}

export type ExportAccount = ReturnType<typeof createExportAccount>;
