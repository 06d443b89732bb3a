import { eventSubject, identityEventSubject, LABEL_SUBJECT, STREAMS } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { readPartition, type Incoming } from '@florin/messaging';
import { eventually } from '@florin/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BATCH_ROWS, pruneDecisions } from '../adapters/prune-decisions.ts';
import {
  answerTo,
  openSurroundings,
  orderOf,
  runFraud,
  type Running,
  type Surroundings,
} from './surroundings.ts';

let around: Surroundings;
let running: Running[] = [];

beforeEach(async () => {
  around = await openSurroundings();
});

afterEach(async () => {
  await Promise.all(running.map((one) => one.stop()));
  running = [];
  await around[Symbol.asyncDispose]();
});

async function run(): Promise<Running> {
  const fraud = await runFraud(around);
  running.push(fraud);
  return fraud;
}

describe('hunts facts that are refused and that nobody ever sees', () => {
  const BROKEN = [
    eventSubject(0, uuidv7(), 'transaction-completed'),
    identityEventSubject('credentials-changed'),
    LABEL_SUBJECT,
  ];

  async function deadLetters(): Promise<Incoming[]> {
    const letters: Incoming[] = [];
    const caughtUp = Promise.withResolvers<void>();
    const reader = readPartition(around.bus, {
      stream: STREAMS.deadLetters,
      filterSubject: 'dlq.>',
      startAfter: 0,
      onMessage: (message) => void letters.push(message),
      onCaughtUp: () => caughtUp.resolve(),
      onDisorder: ({ detail }) => caughtUp.reject(new Error(detail)),
    });
    await caughtUp.promise;
    await reader.stop();
    return letters;
  }

  const refused = async (fraud: Running): Promise<number> => {
    const counter = fraud.metrics.registry.getSingleMetric('fraud_messages_refused_total');
    const { values = [] } = (await counter?.get()) ?? {};
    return values.reduce((sum, { value }) => sum + value, 0);
  };

  test('each is a dead letter once, with its reason, whoever reads it again', async () => {
    const processes = [await run(), await run()];
    for (const subject of BROKEN) await around.bus.js.publish(subject, '[]');
    await eventually(async () => (await deadLetters()).length === BROKEN.length);
    const letters = await deadLetters();
    expect(letters.map(({ subject }) => subject).toSorted()).toEqual([
      `dlq.fraud.${STREAMS.events}`,
      `dlq.fraud.${STREAMS.identity}`,
      `dlq.fraud.${STREAMS.labels}`,
    ]);
    for (const letter of letters) {
      expect(letter.header('Florin-Dead-Letter-Reason') ?? '').toContain('signature');
    }
    await Promise.all(processes.map((one) => one.stop()));
    running = [];
    // As if the stream had forgotten that it has them.
    await around.bus.jsm.streams.purge(STREAMS.deadLetters);
    const later = await run();
    await eventually(async () => (await refused(later)) === BROKEN.length);
    await later.keeper.save();
    expect(await deadLetters()).toEqual([]);
  });
});

describe('hunts decisions that are kept for ever, or lost too early', () => {
  test('the old ones go, in any number, but for those that somebody reported', async () => {
    const fraud = await run();
    const [reported, recent] = [orderOf(uuidv7()), orderOf(uuidv7())];
    for (const order of [reported, recent]) await answerTo(around, await around.send([order]));
    const ids = async () => {
      const { rows } = await around.pool.query<{ id: string }>(
        'SELECT transaction_id AS id FROM decisions ORDER BY 1',
      );
      return rows.map(({ id }) => id);
    };
    await eventually(async () => (await ids()).length === 2);
    await fraud.settled();
    await around.pool.query(
      `INSERT INTO labels (transaction_id, source, label, wallet_id, reported_by, labelled_at)
       VALUES ($1, 'report', 'fraud', $2, 'olga', now())`,
      [reported.transactionId, reported.walletId],
    );
    await around.pool.query(
      `UPDATE decisions SET decided_at = now() - interval '401 days' WHERE transaction_id = $1`,
      [reported.transactionId],
    );
    const old = BATCH_ROWS + 10;
    await around.pool.query(
      `INSERT INTO decisions (transaction_id, wallet_id, decided_at, decision, mode, score, logit,
                              model_version, feature_version, features, position)
       SELECT gen_random_uuid(), wallet_id, now() - interval '401 days', decision, mode, score,
              logit, model_version, feature_version, features, position
         FROM decisions, generate_series(1, $2::int) WHERE transaction_id = $1`,
      [recent.transactionId, old],
    );
    const before = new Date(Date.now() - 400 * 86_400_000);
    const { signal } = new AbortController();
    expect(await pruneDecisions(around.pool, before, { signal, betweenMs: 0 })).toBe(old);
    expect(await ids()).toEqual([reported.transactionId, recent.transactionId].toSorted());
  });
});
