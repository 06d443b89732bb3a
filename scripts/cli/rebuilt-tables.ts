import type { LedgerEvent } from '@florin/contracts';
import type pg from 'pg';

/** What is made of the events lies beside the live tables, for the time of one transaction. */
const TABLES = `
  CREATE TEMP TABLE rebuilt_entries (
    wallet_id uuid, sequence bigint, transaction_id uuid, delta bigint, balance_after bigint
  ) ON COMMIT DROP;
  CREATE TEMP TABLE rebuilt_wallets (
    id uuid PRIMARY KEY, owner_id uuid, name text, currency text, status text
  ) ON COMMIT DROP;
  CREATE TEMP TABLE rebuilt_transactions (
    id uuid PRIMARY KEY, type text, status text, wallet_id uuid, counterparty_wallet_id uuid,
    amount bigint, currency text, failure_code text, related_id uuid, costs bigint
  ) ON COMMIT DROP`;

export async function createRebuiltTables(client: pg.PoolClient): Promise<void> {
  await client.query(TABLES);
}

const WRITE_ENTRIES = `
  INSERT INTO rebuilt_entries
  SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::bigint[], $5::bigint[])`;

const WRITE_WALLETS = `
  INSERT INTO rebuilt_wallets
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[])
  ON CONFLICT (id) DO UPDATE SET status = excluded.status, name = excluded.name`;

const WRITE_TRANSACTIONS = `
  INSERT INTO rebuilt_transactions
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::bigint[],
                       $7::text[], $8::text[], $9::uuid[], $10::bigint[])
  ON CONFLICT (id) DO UPDATE
     SET status = excluded.status, failure_code = excluded.failure_code`;

type TransactionEvent = Extract<LedgerEvent, { data: { transaction: unknown } }>;
type WalletEvent = Exclude<LedgerEvent, TransactionEvent>;

const isOfTransaction = (event: LedgerEvent): event is TransactionEvent =>
  'transaction' in event.data;

/** The last word on each, where several are in one page. */
const lastOf = <T extends { id: string }>(all: readonly T[]): T[] => [
  ...new Map(all.map((one) => [one.id, one])).values(),
];

/** Folds a page of a partition's events, after all pages before it. */
export async function writeRebuilt(
  client: pg.PoolClient,
  events: readonly LedgerEvent[],
): Promise<void> {
  const told = events.filter(isOfTransaction).map(({ data }) => data);
  const entries = told.flatMap(({ transaction, entries: own }) =>
    own.map((entry) => ({ ...entry, transactionId: transaction.id })),
  );
  const signed = ({ direction, amount }: (typeof entries)[number]) =>
    direction === 'debit' ? `-${amount}` : amount;
  await client.query(WRITE_ENTRIES, [
    entries.map(({ walletId }) => walletId),
    entries.map(({ sequence }) => sequence),
    entries.map(({ transactionId }) => transactionId),
    entries.map(signed),
    entries.map(({ balanceAfter }) => balanceAfter),
  ]);
  const wallets = lastOf(
    events
      .filter((event): event is WalletEvent => !isOfTransaction(event))
      .map(({ data }) => data.wallet),
  );
  await client.query(WRITE_WALLETS, [
    wallets.map(({ id }) => id),
    wallets.map(({ ownerId }) => ownerId),
    wallets.map(({ name }) => name),
    wallets.map(({ currency }) => currency),
    wallets.map(({ status }) => status),
  ]);
  const transactions = lastOf(told.map(({ transaction }) => transaction));
  const costsOf = ({ fee }: (typeof transactions)[number]) =>
    fee?.paidBy === 'sender' ? fee.amount : '0';
  await client.query(WRITE_TRANSACTIONS, [
    transactions.map(({ id }) => id),
    transactions.map(({ type }) => type),
    transactions.map(({ status }) => status),
    transactions.map(({ walletId }) => walletId),
    transactions.map(({ counterpartyWalletId }) => counterpartyWalletId ?? null),
    transactions.map(({ amount }) => amount),
    transactions.map(({ currency }) => currency),
    transactions.map(({ failure }) => failure?.code ?? null),
    transactions.map(({ relatedTransactionId }) => relatedTransactionId ?? null),
    transactions.map(costsOf),
  ]);
}

/** What was given back of a transaction, or captured of a hold: told by what followed from it. */
const FOLLOWED = `
  SELECT related_id, type, sum(amount) AS amount FROM rebuilt_transactions
   WHERE related_id IS NOT NULL AND status <> 'failed' GROUP BY related_id, type`;

/** Of each wallet, what was carried over from the months that are in the archive. */
const OPENED = `
  SELECT DISTINCT ON (wallet_id) wallet_id, sequence, balance FROM opening_balances
   ORDER BY wallet_id, month DESC`;

/** Each side answers lines of text: what is compared is all that they say. */
export const COMPARISONS: readonly { what: string; rebuilt: string; live: string }[] = [
  {
    what: 'entries',
    rebuilt: `
      SELECT concat_ws(' ', r.wallet_id, r.sequence, transaction_id, delta, balance_after)
        FROM rebuilt_entries r LEFT JOIN (${OPENED}) o ON o.wallet_id = r.wallet_id
       WHERE r.sequence > coalesce(o.sequence, 0)`,
    live: `
      SELECT concat_ws(' ', wallet_id, sequence, transaction_id, delta, balance_after)
        FROM entries`,
  },
  {
    what: 'balances',
    rebuilt: `
      SELECT concat_ws(' ', wallet_id, sum(delta)::int8, count(*))
        FROM rebuilt_entries GROUP BY wallet_id`,
    live: `SELECT concat_ws(' ', id, posted, sequence) FROM wallets WHERE sequence > 0`,
  },
  {
    what: 'balances carried over from archived months',
    rebuilt: `
      SELECT concat_ws(' ', r.wallet_id, sum(delta)::int8, count(*))
        FROM rebuilt_entries r JOIN (${OPENED}) o ON o.wallet_id = r.wallet_id
       WHERE r.sequence <= o.sequence GROUP BY r.wallet_id`,
    live: `SELECT concat_ws(' ', wallet_id, balance, sequence) FROM (${OPENED}) o`,
  },
  {
    what: 'amounts held',
    rebuilt: `
      SELECT concat_ws(' ', t.wallet_id,
                       sum(t.amount + t.costs - coalesce(f.amount, 0))::int8)
        FROM rebuilt_transactions t
        LEFT JOIN (${FOLLOWED}) f ON f.related_id = t.id AND f.type = 'capture'
       WHERE t.status = 'held' AND t.type <> 'deposit' GROUP BY t.wallet_id`,
    live: `SELECT concat_ws(' ', id, held) FROM wallets WHERE held > 0`,
  },
  {
    what: 'wallets',
    rebuilt: `SELECT concat_ws(' ', id, owner_id, currency, status, name) FROM rebuilt_wallets`,
    live: `
      SELECT concat_ws(' ', id, owner_id, currency, status, name)
        FROM wallets WHERE owner_id IS NOT NULL`,
  },
  {
    what: 'transactions',
    rebuilt: `
      SELECT concat_ws(' ', t.id, t.type,
                       CASE WHEN f.amount = t.amount THEN 'reversed' ELSE t.status END,
                       t.wallet_id, t.counterparty_wallet_id, t.amount, t.currency, t.failure_code)
        FROM rebuilt_transactions t
        LEFT JOIN (${FOLLOWED}) f ON f.related_id = t.id AND f.type = 'reversal'`,
    live: `
      SELECT concat_ws(' ', id, type, status, wallet_id, counterparty_wallet_id, amount, currency,
                       failure_code)
        FROM transactions`,
  },
];
