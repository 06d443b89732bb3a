import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { uuidv7 } from '@florin/kernel';
import { eventually } from '@florin/testing';
import { fundedWallet, newPerson } from '../journeys/person.ts';
import type { Fault } from './fault.ts';
import { signInOperator } from './sign-in-operator.ts';
import { MAIL_RETRIES, type Stage } from './stage.ts';

const SOON = { timeoutMs: 60_000 };
/** More than an alert lets wait. */
const MANY_EVENTS = 150;
const A_DAY_MS = 86_400_000;
/** Nobody has so much. */
const BEYOND_ALL = '900000000';

const ageRates = ({ proxied }: Stage, ageMs: number): Promise<unknown> =>
  fetch(new URL('/control/exchange', proxied.platform.dev().bankSimulatorUrl), {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ageMs }),
  });

const newcomer = ({ proxied }: Stage) => newPerson(proxied.platform.dev().gatewayUrl);

/** A transfer that becomes due at once. */
async function planTransfer({ client, wallets }: Stage, amount = '1'): Promise<void> {
  const [fromWalletId, toWalletId] = wallets;
  const startAt = new Date(Date.now() + 1_000).toISOString().slice(0, 19);
  const schedule = { frequency: 'once', startAt, timeZone: 'UTC' };
  const body = { fromWalletId, toWalletId, amount, schedule };
  client.expect(await client.post('/v1/scheduled-transfers', body, uuidv7()), 201);
}

/** Repeats what waits to be told: to the streams the same event, which they keep once. */
async function repeatUntold(stage: Stage, service: string): Promise<void> {
  await eventually(async () => {
    const text = `INSERT INTO outbox (subject, event)
      SELECT subject, event FROM (SELECT subject, event FROM outbox LIMIT 1) AS one,
             generate_series(1, $1) RETURNING 1`;
    return (await stage.sql(service, text, [MANY_EVENTS])).length > 0;
  }, SOON);
}

async function makeRule(stage: Stage, budget: number): Promise<string> {
  const operator = await signInOperator(stage);
  const rule = {
    name: `Back up to ${budget}`,
    currency: 'USD',
    terms: { kind: 'cashback', basisPoints: 1_000 },
    validUntil: new Date(Date.now() + A_DAY_MS).toISOString(),
    budget,
  };
  const made = await operator.post('/v1/admin/reward-rules', rule, uuidv7());
  return operator.expect<{ id: string }>(made, 201).id;
}

const pauseRules = ({ sql }: Stage): Promise<unknown> =>
  sql('rewards', `UPDATE rules SET status = 'paused'`);

async function fundRewards(stage: Stage): Promise<void> {
  const operator = await signInOperator(stage);
  const funds = { currency: 'USD', amount: '50000', bankAccount: 'ok' };
  operator.expect(await operator.post('/v1/admin/reward-funds', funds, uuidv7()), 201, 202);
}

/** A payment of somebody new that earned a reward goes back, and the wallet is closed at once. */
async function reverseAndFreeze(stage: Stage): Promise<void> {
  const ana = await newcomer(stage);
  const from = await fundedWallet(ana, '10000');
  const body = { fromWalletId: from, toWalletId: stage.wallets[0], amount: '10000' };
  const payment = await ana.pay('/v1/transfers', body);
  await eventually(async () => Number((await ana.wallet(from)).balances.posted) > 0, SOON);
  const operator = await signInOperator(stage);
  stage.signal('rewards', 'SIGSTOP');
  const path = `/v1/transactions/${payment.body.id}/reverse`;
  operator.expect(await operator.post(path, {}, uuidv7()), 200, 201);
  await ana.call('POST', `/v1/wallets/${from}/freeze`);
  stage.signal('rewards', 'SIGCONT');
}

const mailFolder = ({ proxied }: Stage): string => join(proxied.platform.dir, 'outbox');

/** Mails to three newcomers can’t be written: all are late, and one is not tried again. */
async function loseMails(stage: Stage): Promise<void> {
  const folder = mailFolder(stage);
  rmSync(`${folder}.away`, { recursive: true, force: true });
  try {
    renameSync(folder, `${folder}.away`);
  } catch {
    // Nobody was written to yet.
  }
  writeFileSync(folder, '');
  for (let count = 0; count < 3; count++) await newcomer(stage);
  const tried = 'SELECT id FROM mails WHERE attempts > 0 AND ended_at IS NULL ORDER BY created_at';
  const mails = await eventually(async () => {
    const found = await stage.sql('notifications', tried);
    return found.length >= 3 && found;
  }, SOON);
  await stage.sql(
    'notifications',
    `UPDATE mails SET created_at = created_at - interval '20 minutes' WHERE ended_at IS NULL`,
  );
  await stage.sql('notifications', 'UPDATE mails SET attempts = $1 WHERE id = $2', [
    MAIL_RETRIES.length,
    mails[0]?.['id'],
  ]);
}

/** Faults of services beside the way of a payment. */
export const SERVICE_FAULTS: Fault[] = [
  {
    name: 'the provider of exchange rates tells old ones',
    alerts: ['ExchangeRatesStale'],
    cause: async (stage) => void (await ageRates(stage, 600_000)),
    cure: async (stage) => void (await ageRates(stage, 0)),
  },
  {
    name: 'planned transfers can’t be written down as sent',
    alerts: ['PlannedTransfersLate'],
    async cause(stage) {
      await stage.sql('payments', 'REVOKE UPDATE ON occurrences FROM florin_payments');
      await planTransfer(stage);
      await eventually(async () => {
        const late = `UPDATE occurrences SET planned_for = planned_for - interval '10 minutes'
                       WHERE status = 'due' RETURNING 1`;
        return (await stage.sql('payments', late)).length > 0;
      }, SOON);
    },
    async cure({ sql }) {
      await sql('payments', 'GRANT UPDATE ON occurrences TO florin_payments');
    },
  },
  {
    name: 'nobody may work on files of payments',
    alerts: ['BulkFileStuck'],
    async cause({ sql }) {
      await sql('payments', 'REVOKE UPDATE ON bulk_files FROM florin_payments');
      const stuck = `
        WITH file AS (
          INSERT INTO bulk_files (id, owner_id, every_wallet, status, bytes, lines, pieces, due_at,
                                  created_at, started_at)
          VALUES (gen_random_uuid(), gen_random_uuid(), true, 'running', 3, 1, 1,
                  now() - interval '10 minutes', now(), now())
          RETURNING id)
        INSERT INTO bulk_pieces (file_id, number, first_line, lines, digest, content)
        SELECT id, 1, 1, 1, '', '{}' FROM file`;
      await sql('payments', stuck);
    },
    async cure({ sql }) {
      await sql('payments', 'GRANT UPDATE ON bulk_files TO florin_payments');
    },
  },
  {
    name: 'what was told of payments can’t be crossed out',
    alerts: ['PaymentEventsUntold'],
    async cause(stage) {
      await stage.sql('payments', 'REVOKE DELETE ON outbox FROM florin_payments');
      // One that fails, which its payer is told.
      await planTransfer(stage, BEYOND_ALL);
      await repeatUntold(stage, 'payments');
    },
    async cure({ sql }) {
      await sql('payments', 'GRANT DELETE ON outbox TO florin_payments');
    },
  },
  {
    name: 'what was told of people can’t be crossed out',
    alerts: ['PeopleUntold'],
    async cause(stage) {
      await stage.sql('identity', 'REVOKE DELETE ON outbox FROM florin_identity');
      await newcomer(stage);
      await repeatUntold(stage, 'identity');
    },
    async cure({ sql }) {
      await sql('identity', 'GRANT DELETE ON outbox TO florin_identity');
    },
  },
  {
    name: 'mails can’t be sent',
    alerts: ['MailsLate', 'MailsLost'],
    cause: loseMails,
    async cure(stage) {
      rmSync(mailFolder(stage));
    },
  },
  {
    name: 'rewards are promised without money, or beyond their budget',
    alerts: ['RewardsUnfunded', 'RewardBudgetSpent'],
    async cause(stage) {
      await makeRule(stage, 1);
      await makeRule(stage, 100_000);
      const ana = await newcomer(stage);
      const from = await fundedWallet(ana, '10000');
      await ana.pay('/v1/transfers', {
        fromWalletId: from,
        toWalletId: stage.wallets[0],
        amount: '5000',
      });
    },
    cure: async (stage) => void (await pauseRules(stage)),
  },
  {
    name: 'a reward can’t be taken back: its wallet was frozen just after',
    alerts: ['RewardsOwed'],
    async cause(stage) {
      await fundRewards(stage);
      await makeRule(stage, 100_000);
      await reverseAndFreeze(stage);
    },
    cure: async (stage) => void (await pauseRules(stage)),
  },
  {
    name: 'rewards can’t be written down as sent',
    alerts: ['RewardsLate'],
    async cause(stage) {
      await stage.sql('rewards', 'REVOKE UPDATE ON rewards FROM florin_rewards');
      await makeRule(stage, 100_000);
      const ana = await newcomer(stage);
      const from = await fundedWallet(ana, '10000');
      const body = { fromWalletId: from, toWalletId: stage.wallets[0], amount: '5000' };
      await ana.pay('/v1/transfers', body);
      const late = `UPDATE rewards SET created_at = created_at - interval '10 minutes'
                     WHERE state IN ('due', 'sent') RETURNING 1`;
      await eventually(async () => (await stage.sql('rewards', late)).length > 0, SOON);
    },
    async cure(stage) {
      await stage.sql('rewards', 'GRANT UPDATE ON rewards TO florin_rewards');
      await wait(2_000);
      await pauseRules(stage);
    },
  },
];
