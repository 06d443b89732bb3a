import { createEnvelope, laneSubject, LANE_TYPES, partitionOf } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { createPublisher, createSigner, type OutgoingMessage } from '@florin/messaging';
import { eventually } from '@florin/testing';
import { rehearse, type Crowd, type Rehearsed } from './rehearsal.ts';

const PARTITIONS = 16;
const ROUNDS = 10;

/** A key that nobody trusts, under a name that everybody knows. */
const FORGED = { kid: 'g1', key: Buffer.alloc(32, 7).toString('base64url') };

/** What no version of the ledger can understand, or may believe. */
function poisonFor(wallet: string): OutgoingMessage[] {
  const type = LANE_TYPES.transactionInitiated;
  const partition = partitionOf(wallet, PARTITIONS);
  const subject = laneSubject('ready', partition, wallet);
  const order = {
    transactionId: uuidv7(),
    clientId: 'nobody',
    bodyHash: '0'.repeat(22),
    walletId: wallet,
    type: 'withdrawal',
    amount: '1000000',
    currency: 'USD',
  };
  const about = { source: 'florin/gateway', wallet, time: new Date().toISOString(), data: order };
  const event = createEnvelope(type, { id: order.transactionId, ...about });
  const place = { type, wallet, partition };
  const message = (body: string, to = subject): OutgoingMessage => ({
    ...place,
    subject: to,
    body,
    id: uuidv7(),
  });
  return [
    message('no JSON at all'),
    message('[]'),
    message(JSON.stringify([{ ...event, type: 'florin.transaction-initiated.v999' }])),
    message(JSON.stringify([event])),
    // Of another partition than its wallet's.
    message(JSON.stringify([event]), laneSubject('ready', (partition + 1) % PARTITIONS, wallet)),
  ];
}

async function deadLetters({ load }: Crowd): Promise<number> {
  const { rows } = await load.pool.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM dead_letters',
  );
  return rows[0]?.n ?? 0;
}

/** Somebody who has reached nats-server, without the key of any service, writes into the lanes. */
export const poisonLanes = (say: (line: string) => void): Promise<Rehearsed> =>
  rehearse('somebody writes into the lanes what nobody can understand', say, async (crowd) => {
    const { load, paid } = crowd;
    const forger = createPublisher(load.bus, { signer: createSigner(FORGED) });
    const struckMs = performance.now();
    let sent = 0;
    for (let round = 0; round < ROUNDS; round++) {
      for (const wallet of load.wallets) {
        const poison = poisonFor(wallet);
        await Promise.all(poison.map((message) => forger.publish(message)));
        sent += poison.length;
      }
      await paid(10);
    }
    forger.close();
    await eventually(async () => (await deadLetters(crowd)) >= sent, { timeoutMs: 60_000 });
    const setAsideMs = Math.round(performance.now() - struckMs);
    return { struckMs, facts: { sent, deadLetters: await deadLetters(crowd), setAsideMs } };
  });
