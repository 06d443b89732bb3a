import {
  createEnvelope,
  EVENT_TYPES,
  eventSubject,
  laneFilter,
  laneMessage,
  LEDGER_REQUESTS,
  partitionOf,
  STREAMS,
  type Settlement,
  type Transaction,
} from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import {
  createPublisher,
  createSigner,
  createVerifier,
  jsonOf,
  readPartition,
  serve,
  signatoryOf,
  type Bus,
  type Incoming,
  type SigningKeys,
} from '@florin/messaging';
import { z } from 'zod';

export const PARTITIONS = 4;

export interface LedgerDouble extends AsyncDisposable {
  /** Makes a pending deposit or a held withdrawal, and tells of it; as the ledger unless said. */
  begin(type: 'deposit' | 'withdrawal', bankAccount: string, signedBy?: string): Promise<string>;
  /** Tells of it once more. */
  tellAgain(transactionId: string): Promise<void>;
  /** Tells of many in one message for each partition. */
  beginMany(type: 'deposit' | 'withdrawal', bankAccount: string, count: number): Promise<string[]>;
  /** What the lane has brought for a transaction, repetitions included. */
  settlementsOf(transactionId: string): readonly Settlement[];
  /** While deaf it answers as if no settlement had come. */
  deaf: boolean;
  /** The wallets of all transactions belong to this one. */
  owner: string;
}

const batch = z.array(laneMessage);
type Begun = { transaction: Transaction; partition: number };

/** Stands in for the ledger at its three doors: its events, its lanes and its reads. */
export function createLedgerDouble(bus: Bus, keys: SigningKeys): LedgerDouble {
  const publishers = new Map(
    Object.entries(keys).map(([service, ofService]) => {
      const [kid, key] = Object.entries(ofService)[0] as [string, string];
      return [service, createPublisher(bus, { signer: createSigner({ kid, key }) })];
    }),
  );
  const verify = createVerifier(keys);
  const begun = new Map<string, Begun>();
  const settlements = new Map<string, Settlement[]>();
  let sequence = 0;

  function hear(partition: number, message: Incoming): void {
    const [, , , wallet = ''] = message.subject.split('.');
    const signed = signatoryOf(verify, message, { wallet, partition });
    if (!signed.ok || signed.value.service !== 'banking') throw new Error('forged settlement');
    for (const event of batch.parse(jsonOf(message))) {
      if (event.type !== 'florin.settle-transaction.v1') continue;
      const { transactionId } = event.data;
      settlements.set(transactionId, [...(settlements.get(transactionId) ?? []), event.data]);
    }
  }

  const readers = Array.from({ length: PARTITIONS }, (_, partition) =>
    readPartition(bus, {
      stream: STREAMS.transactions,
      filterSubject: laneFilter('ready', partition),
      startAfter: 0,
      onMessage: (message) => hear(partition, message),
      onDisorder: ({ detail }) => {
        throw new Error(detail);
      },
    }),
  );

  const served = serve(bus, LEDGER_REQUESTS.getTransaction, async ({ id }) => {
    const { transaction } = begun.get(id) ?? {};
    const outcome = ledger.deaf ? undefined : settlements.get(id)?.[0]?.outcome;
    const answer =
      transaction === undefined ? null : { ...transaction, status: outcome ?? transaction.status };
    return { transaction: answer, clientId: null };
  });

  const servedWallets = serve(bus, LEDGER_REQUESTS.getWallets, async ({ ids }) => ({
    wallets: ids.map((id) => ({
      id,
      ownerId: ledger.owner,
      name: '',
      currency: 'EUR' as const,
      status: 'active' as const,
      balances: { posted: '0', held: '0', available: '0' },
      version: 1,
      createdAt: new Date().toISOString(),
    })),
  }));

  function create(type: 'deposit' | 'withdrawal', bankAccount: string): Begun {
    const walletId = uuidv7();
    const transaction: Transaction = {
      id: uuidv7(),
      type,
      status: type === 'deposit' ? 'pending' : 'held',
      walletId,
      amount: '2500',
      currency: 'EUR',
      bankAccount,
      createdAt: new Date().toISOString(),
    };
    const one = { transaction, partition: partitionOf(walletId, PARTITIONS) };
    begun.set(transaction.id, one);
    return one;
  }

  async function tell(
    events: readonly Begun[],
    { subjectWallet, signedBy = 'ledger' }: { subjectWallet?: string; signedBy?: string } = {},
  ): Promise<void> {
    const [first] = events;
    if (first === undefined) return;
    const { partition } = first;
    const status = first.transaction.status as 'pending' | 'held';
    const type = EVENT_TYPES[`transaction-${status}`];
    const body = events.map(({ transaction }) =>
      createEnvelope(type, {
        id: `${partition}-${++sequence}`,
        source: 'florin/ledger',
        wallet: transaction.walletId,
        time: transaction.createdAt,
        data: { partition, sequence, transaction, entries: [] },
      }),
    );
    const wallet = subjectWallet ?? first.transaction.walletId;
    const subject = eventSubject(partition, wallet, `transaction-${status}`);
    const message = { subject, body: JSON.stringify(body), id: uuidv7(), type, wallet, partition };
    await publishers.get(signedBy)?.publish(message);
  }

  const ledger: LedgerDouble = {
    deaf: false,
    owner: uuidv7(),
    async begin(type, bankAccount, signedBy = 'ledger') {
      const one = create(type, bankAccount);
      await tell([one], { signedBy });
      return one.transaction.id;
    },
    tellAgain: (transactionId) => tell([begun.get(transactionId) as Begun]),
    async beginMany(type, bankAccount, count) {
      const many = Array.from({ length: count }, () => create(type, bankAccount));
      const ofPartition = Map.groupBy(many, ({ partition }) => partition);
      await Promise.all(
        [...ofPartition.values()].map((events) => tell(events, { subjectWallet: 'many' })),
      );
      return many.map(({ transaction }) => transaction.id);
    },
    settlementsOf: (transactionId) => settlements.get(transactionId) ?? [],
    async [Symbol.asyncDispose]() {
      for (const publisher of publishers.values()) publisher.close();
      await Promise.all([served.stop(), servedWallets.stop()]);
      await Promise.all(readers.map((reader) => reader.stop()));
    },
  };
  return ledger;
}
