import { createEnvelope, LANE_TYPES, partitionOf, type LaneMessage } from '@florin/contracts';
import { RetryableError } from '@florin/kernel';
import { createLogger } from '@florin/runtime';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createLaneSender } from './lane-sender.ts';
import type { OutgoingMessage } from './outgoing-message.ts';
import type { Publisher } from './publisher.ts';

const PARTITIONS = 16;

/** A publisher whose messages are stored when the test says so. */
function sender(scored = () => true) {
  const published: (OutgoingMessage & { store(): void; fail(): void })[] = [];
  const publish = (message: OutgoingMessage) =>
    new Promise<{ sequence: number; duplicate: boolean }>((resolve, reject) => {
      const store = () => resolve({ sequence: 1, duplicate: false });
      const fail = () => reject(new RetryableError('full'));
      published.push({ ...message, store, fail });
    });
  const lanes = createLaneSender({
    publisher: { publish } as Publisher,
    partitions: PARTITIONS,
    origin: 'gateway-1',
    scored,
    log: createLogger('test', 'silent'),
  });
  return { lanes, published };
}

const opening = (wallet: string, name = 'x'): LaneMessage =>
  createEnvelope(LANE_TYPES.openWallet, {
    id: `${wallet}-${name}`,
    source: '/gateway',
    wallet,
    time: '2026-01-01T00:00:00Z',
    data: { walletId: wallet, ownerId: 'o', name, currency: 'USD' as const },
  });

const payment = (wallet: string, id: string): LaneMessage =>
  createEnvelope(LANE_TYPES.transactionInitiated, {
    id,
    source: '/gateway',
    wallet,
    time: '2026-01-01T00:00:00Z',
    data: {
      transactionId: id,
      type: 'withdrawal' as const,
      clientId: 'c',
      bodyHash: 'h',
      walletId: wallet,
      amount: '1',
      currency: 'USD' as const,
      bankAccount: 'ok',
    },
  });

const idsIn = ({ body }: OutgoingMessage): string[] =>
  (JSON.parse(String(body)) as { id: string }[]).map(({ id }) => id);

const namesIn = ({ body }: OutgoingMessage): string[] =>
  (JSON.parse(String(body)) as { data: { name: string } }[]).map(({ data }) => data.name);

describe('hunts orders that are lost, reordered or sent one by one', () => {
  test('orders of one turn are one message per lane', async () => {
    const { lanes, published } = sender();
    const wallets = Array.from({ length: 50 }, (_, index) => `wallet-${index}`);
    for (const wallet of wallets) lanes.send(opening(wallet));
    expect(published).toHaveLength(0);
    await turn();
    const used = new Set(wallets.map((wallet) => partitionOf(wallet, PARTITIONS)));
    expect(published).toHaveLength(used.size);
    expect(published.flatMap(namesIn)).toHaveLength(wallets.length);
    for (const { subject, partition } of published) {
      expect(subject).toMatch(new RegExp(`^txn\\.ready\\.${String(partition).padStart(2, '0')}`));
    }
  });

  test('while two messages of a lane are not stored, the rest waits for a third', async () => {
    const { lanes, published } = sender();
    for (const name of ['1', '2', '3', '4', '5']) {
      lanes.send(opening('wallet', name));
      await turn();
    }
    expect(published.map(namesIn)).toEqual([['1'], ['2']]);
    expect(lanes.backlog()).toBe(5);
    published[0]?.store();
    await turn();
    expect(published.map(namesIn)).toEqual([['1'], ['2'], ['3', '4', '5']]);
    for (const message of published) message.store();
    await lanes.drain(10_000);
    expect(lanes.backlog()).toBe(0);
  });

  test('a message has at most 500 orders and less than a megabyte', async () => {
    const { lanes, published } = sender();
    for (let index = 0; index < 1_200; index++) lanes.send(opening('wallet', 'n'.repeat(100)));
    await turn();
    for (let index = 0; index < 20; index++) {
      published[index]?.store();
      await turn();
    }
    expect(published.flatMap(namesIn)).toHaveLength(1_200);
    for (const message of published) {
      expect(namesIn(message).length).toBeLessThanOrEqual(500);
      expect(Buffer.byteLength(String(message.body))).toBeLessThan(1_000_000);
    }
  });

  test('the subject names a wallet that is the only one, and each message is its own', async () => {
    const { lanes, published } = sender();
    lanes.send(opening('wallet', '1'));
    lanes.send(opening('wallet', '2'));
    await turn();
    lanes.send(opening('wallet', '1'));
    await turn();
    expect(published.map(({ wallet }) => wallet)).toEqual(['wallet', 'wallet']);
    // The same order again must reach the ledger: nothing on the way may take it for a duplicate.
    expect(published[0]?.id).not.toBe(published[1]?.id);
    expect(published[0]?.headers?.['Florin-Reply']).toBe('gateway-1');
  });

  test('a lane goes on after a message that could not be stored', async () => {
    const { lanes, published } = sender();
    lanes.send(opening('wallet', '1'));
    await turn();
    published[0]?.fail();
    await turn();
    lanes.send(opening('wallet', '2'));
    await turn();
    expect(published.map(namesIn)).toEqual([['1'], ['2']]);
    expect(lanes.backlog()).toBe(1);
  });
});

describe('hunts payments that pass the scorer by, and others that are sent to it', () => {
  const stagesOf = (published: OutgoingMessage[]) =>
    published.map((message) => [message.subject.split('.')[1], ...idsIn(message)]);

  test('payments are scored, openings of wallets are not', async () => {
    const { lanes, published } = sender();
    lanes.send(payment('wallet', '1'));
    lanes.send(opening('wallet'));
    lanes.send(payment('wallet', '2'));
    await turn();
    expect(stagesOf(published)).toEqual([
      ['initiated', '1', '2'],
      ['ready', 'wallet-x'],
    ]);
  });

  test('a payment goes the way that holds when it is sent, in a message of its stage', async () => {
    let scored = true;
    const { lanes, published } = sender(() => scored);
    lanes.send(payment('wallet', '1'));
    scored = false;
    lanes.send(payment('wallet', '2'));
    await turn();
    scored = true;
    lanes.send(payment('wallet', '3'));
    await turn();
    expect(stagesOf(published)).toEqual([
      ['initiated', '1'],
      ['ready', '2'],
      ['initiated', '3'],
    ]);
  });
});
