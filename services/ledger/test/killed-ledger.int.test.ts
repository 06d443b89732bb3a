import { LANE_TYPES, readyMessageId, type Risk } from '@florin/contracts';
import { setFlag } from '@florin/messaging';
import { eventually } from '@florin/testing';
import { expect, test } from 'vitest';
import { startLedgerProcess } from './ledger-process.ts';
import { keys, openSurroundings, PARTITIONS } from './ledger-surroundings.ts';

const ROUNDS = 4;
const PER_ROUND = 120;

const approved: Risk = {
  score: 0.01,
  decision: 'approve',
  reasons: [],
  modelVersion: 'test-1',
  mode: 'enforce',
  degraded: false,
};

/**
 * Hunts orders that are lost, or carried out twice, between a scorer that answers some of them in
 * time, some late, some twice and some never, and a ledger that is killed meanwhile.
 */
test('a ledger killed with -9 over unscored orders loses none and doubles none', async () => {
  const around = await openSurroundings();
  await setFlag(around.bus, 'fraud-scoring', 'enforce', 'test');
  const settings = {
    POSTGRES_URL: around.url,
    NATS_URL: around.nats.url,
    SIGNING_KEYS: JSON.stringify(keys),
    PARTITIONS: String(PARTITIONS),
    LEASE: '1s',
    WATCHDOG_DEADLINE: '150ms',
    WATCHDOG_APPROVE_LIMITS: JSON.stringify({ USD: '1000' }),
  };
  let ledger = await startLedgerProcess(settings);
  try {
    const payers: string[] = [];
    for (let n = 0; n < 6; n++) payers.push(await around.fundedWallet('1000000'));
    const payee = await around.openWallet();
    // So that the payee is not new to anybody.
    for (const payer of payers) await around.outcomeOf(await around.transfer(payer, payee, '1'));
    const sent: string[] = [];
    const late: (() => Promise<unknown>)[] = [];

    async function order(n: number): Promise<void> {
      const payer = payers[n % payers.length] as string;
      const data = around.orderOf(payer, n % 3 === 0 ? '2000' : '10', {
        type: 'transfer',
        counterpartyWalletId: payee,
      });
      const id = data.transactionId;
      const type = LANE_TYPES.transactionInitiated;
      const message = await around.send(type, id, payer, data, { stage: 'initiated' });
      sent.push(id);
      const scored = { ...data, risk: approved };
      const inTime = () =>
        around.send(type, id, payer, scored, {
          as: 'fraud',
          messageId: readyMessageId(message),
        });
      // As a scorer does that comes back when the stream has forgotten the ids.
      const again = () => around.send(type, id, payer, scored, { as: 'fraud' });
      if (n % 4 === 0) await inTime();
      if (n % 4 === 1) late.push(inTime);
      if (n % 4 === 2) late.push(again, again);
    }

    for (let round = 0; round < ROUNDS; round++) {
      const already = sent.length;
      await Promise.all(Array.from({ length: PER_ROUND }, (_, n) => order(n)));
      const decided = () => sent.slice(already).filter((id) => around.outcomes.has(id)).length;
      await eventually(() => decided() > PER_ROUND / 4);
      await ledger.kill9();
      ledger = await startLedgerProcess(settings);
      await Promise.all(late.splice(0).map((tell) => tell()));
    }

    await eventually(async () => {
      const { rows } = await around.pool.query<{ n: number }>(
        'SELECT count(*)::int AS n FROM transactions WHERE id = ANY ($1::uuid[])',
        [sent],
      );
      return rows[0]?.n === sent.length;
    });
    const { rows } = await around.pool.query<{ paid: bigint; held: bigint; other: bigint }>(
      `SELECT coalesce(sum(amount) FILTER (WHERE status = 'completed'), 0)::int8 AS paid,
              coalesce(sum(amount) FILTER (WHERE status = 'held'), 0)::int8 AS held,
              count(*) FILTER (WHERE status NOT IN ('completed', 'held')) AS other
         FROM transactions WHERE id = ANY ($1::uuid[])`,
      [sent],
    );
    const wallets = await around.pool.query<{ id: string; posted: bigint; held: bigint }>(
      'SELECT id, posted, held FROM wallets WHERE id = ANY ($1::uuid[])',
      [[...payers, payee]],
    );
    const paid = rows[0]?.paid ?? 0n;
    expect(rows[0]?.other).toBe(0n);
    expect(rows[0]?.held).toBeGreaterThan(0n);
    const ofPayee = wallets.rows.find(({ id }) => id === payee);
    expect(ofPayee?.posted).toBe(paid + BigInt(payers.length));
    expect(wallets.rows.reduce((sum, { held }) => sum + held, 0n)).toBe(rows[0]?.held);
    expect(await around.brokenBooks()).toEqual([]);
    expect(await around.deadLetters()).toBe(0);
  } finally {
    await ledger[Symbol.asyncDispose]();
    await around.close();
  }
});
