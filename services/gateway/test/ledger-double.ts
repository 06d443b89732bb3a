import {
  LEDGER_REQUESTS,
  outcomeSubject,
  type LaneMessage,
  type Outcome,
  type Transaction,
  type TransactionOrder,
  type Wallet,
} from '@florin/contracts';
import { createVerifier, HEADERS, serve, type Bus, type SigningKeys } from '@florin/messaging';

/** How orders are treated: decided, decided without anybody hearing of it, or not seen at all. */
export type Manner = 'decides' | 'decides-in-silence' | 'ignores';

export interface LedgerDouble extends AsyncDisposable {
  manner: Manner;
  /** Every order that arrived, first and repeated ones. */
  readonly orders: TransactionOrder[];
  readonly transactions: Map<string, Transaction>;
  /** Tells the origin of a pending transaction that the bank has settled it. */
  settle(id: string): void;
  openWallet(id: string, ownerId: string): void;
}

const ZERO = { posted: '0', held: '0', available: '0' };

const statusOf = {
  transfer: 'completed',
  deposit: 'pending',
  withdrawal: 'held',
  hold: 'held',
  conversion: 'completed',
} as const;

function transactionOf(order: TransactionOrder): Transaction {
  const { transactionId, clientId: _, bodyHash: __, ...rest } = order;
  const poor = order.description === 'too much';
  const status = poor ? 'failed' : statusOf[order.type];
  return {
    ...rest,
    id: transactionId,
    status,
    ...(poor ? { failure: { code: 'insufficient-funds' as const } } : {}),
    balances: ZERO,
    createdAt: new Date().toISOString(),
  };
}

/**
 * Stands in for the ledger where a test needs it to be silent, late or away at the right moment.
 * It reads the lanes as plain messages and checks signatures as the real one does.
 */
export function createLedgerDouble(bus: Bus, keys: SigningKeys): LedgerDouble {
  const verify = createVerifier(keys);
  const wallets = new Map<string, Wallet>();
  const hashes = new Map<string, string>();
  const origins = new Map<string, string>();
  const stack = new AsyncDisposableStack();

  const answer = (origin: string, outcome: Outcome): void => {
    if (double.manner === 'decides') {
      bus.nc.publish(outcomeSubject(origin), JSON.stringify([outcome]));
    }
  };

  /** What it touches has another version from now on. */
  function change(order: TransactionOrder): void {
    const { walletId, counterpartyWalletId } = transactionOf(order);
    for (const id of [walletId, counterpartyWalletId ?? '']) {
      const wallet = wallets.get(id);
      if (wallet !== undefined) wallets.set(id, { ...wallet, version: wallet.version + 1 });
    }
  }

  function decide(order: TransactionOrder, origin: string): void {
    const { transactionId: id, bodyHash } = order;
    double.orders.push(order);
    if (double.manner === 'ignores') return;
    const known = double.transactions.get(id);
    if (known !== undefined && hashes.get(id) !== bodyHash) {
      return answer(origin, { kind: 'key-reused', requestId: id });
    }
    const transaction = known ?? transactionOf(order);
    double.transactions.set(id, transaction);
    hashes.set(id, bodyHash);
    if (known === undefined) change(order);
    if (known === undefined) origins.set(id, origin);
    const replayed = known !== undefined;
    answer(origin, { kind: 'transaction', requestId: id, transaction, replayed });
  }

  const subscription = bus.nc.subscribe('txn.ready.>', {
    callback(error, { subject, data, headers }) {
      if (error !== null) throw error;
      const [, , partition = '', wallet = ''] = subject.split('.');
      const header = (name: string): string => headers?.get(name) ?? '';
      const messageId = header(HEADERS.messageId);
      const fields = { messageId, type: header(HEADERS.type), wallet, body: data };
      const signed = { signature: header(HEADERS.signature), time: header(HEADERS.time) };
      const signatory = verify({ ...fields, partition: Number(partition) }, signed);
      if (!signatory.ok || signatory.value.service !== 'gateway') throw new Error('not signed');
      for (const message of JSON.parse(Buffer.from(data).toString()) as LaneMessage[]) {
        if (message.type !== 'florin.transaction-initiated.v1') continue;
        decide(message.data, header(HEADERS.reply));
      }
    },
  });
  stack.defer(() => subscription.unsubscribe());
  stack.use(
    serve(bus, LEDGER_REQUESTS.getWallets, async ({ ids }) => ({
      wallets: ids.map((id) => wallets.get(id)).filter((wallet) => wallet !== undefined),
    })),
  );
  stack.use(
    serve(bus, LEDGER_REQUESTS.getTransaction, async ({ id }) => ({
      transaction: double.transactions.get(id) ?? null,
      clientId: null,
    })),
  );

  const double: LedgerDouble = {
    manner: 'decides',
    orders: [],
    transactions: new Map(),
    settle(id) {
      const transaction = { ...(double.transactions.get(id) as Transaction), status: 'completed' };
      double.transactions.set(id, transaction as Transaction);
      answer(origins.get(id) ?? '', {
        kind: 'transaction',
        requestId: 'settlement',
        transaction: transaction as Transaction,
        replayed: false,
      });
    },
    openWallet(id, ownerId) {
      const createdAt = new Date().toISOString();
      const facts = { id, ownerId, name: 'x', currency: 'USD', status: 'active' } as const;
      wallets.set(id, { ...facts, balances: ZERO, version: 1, createdAt });
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
  return double;
}
