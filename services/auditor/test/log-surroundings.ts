import { randomBytes } from 'node:crypto';
import {
  ADMIN_ACTION_TYPE,
  createEnvelope,
  EVENT_TYPES,
  MANY_WALLETS,
  partitionToken,
  STREAMS,
} from '@florin/contracts';
import { systemClock, uuidv7 } from '@florin/kernel';
import { createSigner, createVerifier, HEADERS, type Incoming } from '@florin/messaging';
import { createHotPool } from '@florin/postgres';
import { createLogger } from '@florin/runtime';
import { freshDatabase } from '@florin/testing';
import type pg from 'pg';
import { createAppendBatch } from '../append-batch.ts';
import { createRootSigner, createRootVerifier } from '../domain/signed-root.ts';
import { SOURCES, type Source } from '../domain/sources.ts';
import { createSignRoot } from '../sign-root.ts';
import { rootNumber } from '../sql/roots.ts';

const newKey = (): string => randomBytes(32).toString('base64url');

export const keys = {
  ledger: { l1: newKey() },
  gateway: { g1: newKey() },
  identity: { i1: newKey() },
  fraud: { f1: newKey() },
  payments: { p1: newKey() },
  auditor: { a1: newKey() },
};
type Producer = keyof typeof keys;

export const sourceOf = (stream: string): Source =>
  SOURCES.find((one) => one.stream === stream) as Source;

const signers = Object.fromEntries(
  Object.entries(keys).map(([service, ring]) => {
    const [kid, key] = Object.entries(ring)[0] as [string, string];
    return [service, createSigner({ kid, key })];
  }),
);

/** A message as a reader would hand it over. */
export function messageOf(
  producer: Producer,
  subject: string,
  events: readonly object[],
  sequence = 1,
): Incoming {
  const [first, token, wallet = MANY_WALLETS] = subject.split('.');
  const isLane = first === 'evt';
  const place = isLane
    ? { wallet, partition: Number(token) }
    : { wallet: MANY_WALLETS, partition: 0 };
  const body = Buffer.from(JSON.stringify(events));
  const id = uuidv7();
  const type = (events[0] as { type: string }).type;
  const signed = signers[producer]?.({ messageId: id, type, ...place, body });
  const headers: Record<string, string | undefined> = {
    [HEADERS.type]: type,
    [HEADERS.signature]: signed?.signature,
    [HEADERS.time]: signed?.time,
  };
  const header = (name: string) => headers[name];
  return { subject, sequence, time: new Date(), id, body, pending: 0, header };
}

/** A small ledger: wallets with balances, and events of partitions with their sequences. */
export function createBooks(partitions: number) {
  const wallets = Array.from({ length: partitions * 3 }, () => ({
    id: uuidv7(),
    balance: 0n,
    sequence: 0,
  }));
  type Account = (typeof wallets)[number];
  const clearing: Account = { id: uuidv7(), balance: 0n, sequence: 0 };
  const sequences = Array.from({ length: partitions }, () => 0);
  const laneOf = (account: Account): number => wallets.indexOf(account) % partitions;

  function envelopeOf<Data extends object>(
    name: keyof typeof EVENT_TYPES,
    account: Account,
    data: Data,
  ) {
    const partition = laneOf(account);
    const sequence = ++(sequences as [number])[partition as 0];
    return createEnvelope(EVENT_TYPES[name], {
      id: `${partitionToken(partition)}-${sequence}`,
      source: 'florin/ledger',
      wallet: account.id,
      time: new Date().toISOString(),
      data: { partition, sequence, ...data },
    });
  }

  function entryOf(account: Account, delta: bigint) {
    account.balance += delta;
    account.sequence += 1;
    return {
      walletId: account.id,
      sequence: account.sequence,
      direction: delta < 0n ? 'debit' : 'credit',
      amount: String(delta < 0n ? -delta : delta),
      balanceAfter: String(account.balance),
    };
  }

  function move(of: Account, from: Account, to: Account, amount: bigint) {
    const entries = [entryOf(from, -amount), entryOf(to, amount)];
    const createdAt = new Date().toISOString();
    const transaction = {
      id: uuidv7(),
      type: from === clearing ? 'deposit' : 'transfer',
      status: 'completed',
      walletId: of.id,
      amount: String(amount),
      currency: 'USD',
      createdAt,
      completedAt: createdAt,
    };
    return envelopeOf('transaction-completed', of, { transaction, entries });
  }

  return {
    wallets,
    laneOf,
    open: (account: Account) =>
      envelopeOf('wallet-opened', account, { wallet: { id: account.id, currency: 'USD' } }),
    deposit: (to: Account, amount: bigint) => move(to, clearing, to, amount),
    transfer: (from: Account, to: Account, amount: bigint) => move(from, from, to, amount),
  };
}

export const laneSubjectOf = (event: { data: { partition: number } }): string =>
  `evt.${partitionToken(event.data.partition)}.many.any`;

export const actionOf = (actorId: string, action = 'flag-changed') =>
  createEnvelope(ADMIN_ACTION_TYPE, {
    id: uuidv7(),
    source: '/gateway',
    wallet: 'fraud-scoring',
    time: new Date().toISOString(),
    data: { actorId, action, target: 'fraud-scoring' },
  });

type LaneEvent = { data: { partition: number } };

/** Each event in a message of its own. */
const messagesOf = (events: readonly LaneEvent[]): Incoming[] =>
  events.map((event) => messageOf('ledger', laneSubjectOf(event), [event]));

/** A log in a database of its own, written without any stream. */
export const openLog = async () =>
  openLogAt(await freshDatabase('auditor', new URL('../migrations', import.meta.url)), newKey());

/** The same in a database that has been migrated. */
export function openLogAt(url: string, seed: string) {
  const pool = createHotPool({ url, applicationName: 'test', max: 4 });
  const signer = createRootSigner(seed);
  const verifier = createRootVerifier([signer.publicKey]);
  const published: string[] = [];
  const refused: string[] = [];
  const log = createLogger('auditor', 'silent');
  const signRoot = createSignRoot({
    pool,
    signer,
    publisher: {
      async publish({ body }) {
        published.push(String(body));
        return { sequence: published.length, duplicate: false };
      },
    },
    clock: systemClock,
    log,
  });
  const appendBatch = createAppendBatch({
    pool,
    verify: createVerifier(keys),
    onRefused: (_, __, problem) => refused.push(problem),
    onAppended: () => undefined,
  });
  let sequence = 0;
  const write = (stream: string, messages: readonly Incoming[], epoch = 0n) =>
    appendBatch({
      source: sourceOf(stream),
      epoch,
      streamCreatedAt: '2026-01-01T00:00:00Z',
      messages: messages.map((message) => ({ ...message, sequence: ++sequence })),
    });

  async function witness() {
    const { rows } = await pool.query<{ number: bigint }>(
      'SELECT max(number) AS number FROM roots',
    );
    return rootNumber(pool, Number(rows[0]?.number ?? 0n));
  }

  return {
    url,
    pool,
    signer,
    verifier,
    published,
    refused,
    signRoot,
    witness,
    write,
    messagesOf,
    tell: (events: readonly LaneEvent[]) => write(STREAMS.events, messagesOf(events)),
    act: (events: readonly object[]) =>
      write(STREAMS.audit, [messageOf('gateway', 'audit.admin-action', events)]),
    [Symbol.asyncDispose]: () => pool.end(),
  };
}

export type Log = ReturnType<typeof openLogAt>;

/** Runs statements as somebody who is stopped by no trigger, and takes them back afterwards. */
export async function tampered<T>(
  pool: pg.Pool,
  tamper: (client: pg.PoolClient) => Promise<unknown>,
  look: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query("SET LOCAL session_replication_role = 'replica'");
    await tamper(client);
    return await look(client);
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}
