import {
  identityEventBatch,
  identityEventSubject,
  LEDGER_REQUESTS,
  LINKING_REQUESTS,
  STREAMS,
} from '@florin/contracts';
import { RetryableError } from '@florin/kernel';
import {
  batchToldBy,
  createEventConsumer,
  createVerifier,
  request,
  serve,
  type Bus,
} from '@florin/messaging';
import { isTransient, type Database } from '@florin/postgres';
import { pollWork, type Service } from '@florin/runtime';
import { createAccountLinker } from './adapters/account-linker.ts';
import type { ReadReference } from './adapters/account-reference.ts';
import { sealingKeyOf, type BankingConfig } from './config.ts';
import { createForgetAccounts } from './forget-accounts.ts';
import { createLinkAccounts } from './link-accounts.ts';
import { createReadReference } from './read-reference.ts';
import { removeAccountsOf } from './sql/linked-accounts.ts';

/** Accounts that were removed are looked for so often, and kept so long. */
const FORGET_EVERY_MS = 60_000;
const KEPT_MS = 300_000;

/** An outage of the database must never count against the question or the message it has met. */
async function asFault<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!isTransient(error)) throw error;
    throw new RetryableError('linked accounts can not be read now', { cause: error });
  }
}

/** Opens accounts for the wallets of whoever has linked them. */
export const openReferences = (
  bus: Bus,
  db: Database['slonik'],
  config: BankingConfig,
): ReadReference =>
  createReadReference({
    db,
    key: sealingKeyOf(config),
    async ownerOfWallet(id) {
      const { wallets } = await request(bus, LEDGER_REQUESTS.getWallets, { ids: [id] });
      return wallets[0]?.ownerId;
    },
  });

/** Answers what people do about their accounts, and forgets those that are removed. */
export function startLinking(
  { log, onStop }: Service,
  bus: Bus,
  {
    db,
    config,
    isBank,
  }: {
    db: Database['slonik'];
    config: BankingConfig;
    isBank: (name: string) => boolean;
  },
): void {
  const key = sealingKeyOf(config);
  const { linkingUrl: url, linkingSecret: secret, requestTimeoutMs, claimMs } = config;
  const linker =
    url === undefined ? undefined : createAccountLinker({ url, secret, requestTimeoutMs });
  const answers = createLinkAccounts({ db, linker, key, isBank });
  const { createLinkToken, linkAccount, getLinkedAccount } = LINKING_REQUESTS;
  const { listLinkedAccounts, removeLinkedAccount } = LINKING_REQUESTS;
  const served = [
    serve(bus, createLinkToken, (asked) => asFault(answers.createLinkToken(asked))),
    serve(bus, linkAccount, (asked) => asFault(answers.linkAccount(asked))),
    serve(bus, getLinkedAccount, (asked) => asFault(answers.getLinkedAccount(asked))),
    serve(bus, listLinkedAccounts, (asked) => asFault(answers.listLinkedAccounts(asked))),
    serve(bus, removeLinkedAccount, (asked) => asFault(answers.removeLinkedAccount(asked))),
  ];
  onStop('links', async () => void (await Promise.all(served.map((one) => one.stop()))));

  const verify = createVerifier(config.signingKeys);
  const erasures = createEventConsumer(bus, {
    stream: STREAMS.identity,
    durable: 'banking-erasures',
    filterSubject: identityEventSubject('user-erased'),
    ackWaitMs: claimMs,
    async handle(message) {
      for (const { data } of batchToldBy(verify, message, 'identity', identityEventBatch)) {
        await asFault(removeAccountsOf(db, data.userId));
      }
    },
  });
  onStop('consumer of erasures', erasures.stop);

  if (linker === undefined) return;
  const forget = createForgetAccounts({ db, linker, key, log, afterMs: KEPT_MS });
  const forgetting = pollWork({
    name: 'forgetting accounts',
    everyMs: FORGET_EVERY_MS,
    log,
    doSome: async () => forget().then(() => false),
  });
  onStop('forgetting accounts', forgetting.stop);
}
