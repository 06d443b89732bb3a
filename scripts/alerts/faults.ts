import { setTimeout as wait } from 'node:timers/promises';
import { STREAMS } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { BOOK_FAULTS } from './book-faults.ts';
import type { Fault } from './fault.ts';
import { PROVIDER_FAULTS } from './provider-faults.ts';
import { SERVICE_FAULTS } from './service-faults.ts';
import { signInOperator } from './sign-in-operator.ts';
import { STATEMENT_FAULTS } from './statement-faults.ts';
import type { Stage } from './stage.ts';

const ALL_BANKS = ['ok', 'slow', 'declined', 'timeout', 'flaky', 'unknown-then-ok'];

async function pays(
  { client, wallets }: Stage,
  count: number,
  path: 'deposits' | 'withdrawals',
  bankAccount: string,
): Promise<void> {
  // In turns, and nobody waits for what a bank that is away will say.
  const orders = Array.from({ length: count }, (_, index) => wallets[index % wallets.length]);
  await Promise.all(
    orders.map((walletId) =>
      client.post(`/v1/${path}`, { walletId, amount: '100', bankAccount }, uuidv7()),
    ),
  );
}

const behave = ({ proxied }: Stage, bank: string, behaviour: string): Promise<unknown> =>
  fetch(new URL(`/control/banks/${bank}`, proxied.platform.dev().bankSimulatorUrl), {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ behaviour }),
  });

const setScoring = ({ client }: Stage, variant: string): Promise<unknown> =>
  client.put('/v1/admin/flags/fraud-scoring', { variant });

const REVIEW_PAGES_MAX = 5;

async function declineReviews(stage: Stage): Promise<void> {
  const client = await signInOperator(stage);
  for (let page = 0; page < REVIEW_PAGES_MAX; page++) {
    const answer = await client.get('/v1/admin/reviews?limit=100&status=open');
    const { items } = client.expect<{ items: { id: string }[] }>(answer, 200);
    if (items.length === 0) return;
    await Promise.all(items.map(({ id }) => client.post(`/v1/admin/reviews/${id}/decline`, {})));
  }
}

const NO_LIMIT = -1;

/** A stream that holds as much as it may refuses what comes, and keeps what it has. */
const limitEvents = ({ bus }: Stage, messages: number): Promise<unknown> =>
  bus.jsm.streams.update(STREAMS.events, {
    max_msgs: messages,
    discard: messages === NO_LIMIT ? 'old' : 'new',
  });

/** Bytes: no event is that short. */
const TOO_SMALL = 100;
const limitEventSize = ({ bus }: Stage, bytes: number): Promise<unknown> =>
  bus.jsm.streams.update(STREAMS.events, { max_msg_size: bytes });

const FAR_BEHIND = 1_000_000;
const HALTED_PARTITION = 3;

/** A lock that somebody forgot, on the table that every posting writes to. */
let unlock: (() => Promise<void>) | undefined;

async function lockEntries({ pool }: Stage): Promise<void> {
  const client = await pool('ledger').connect();
  // Somebody at a console has no limits like a service.
  await client.query('SET idle_in_transaction_session_timeout = 0; SET statement_timeout = 0');
  await client.query('BEGIN; LOCK TABLE entries IN ACCESS EXCLUSIVE MODE');
  unlock = async () => {
    await client.query('ROLLBACK');
    client.release(true);
  };
}

/** Records and roots are not to be changed by anybody: a superuser can, past their triggers. */
async function tamper({ pool }: Stage, text: string, values: unknown[] = []): Promise<void> {
  const client = await pool('auditor').connect();
  try {
    await client.query('SET session_replication_role = replica');
    await client.query(text, values);
  } finally {
    await client.query('RESET session_replication_role');
    client.release();
  }
}

const changeRecord = (stage: Stage, from: string, to: string): Promise<void> =>
  tamper(
    stage,
    `UPDATE records SET body = replace(body, $1, $2)
      WHERE (chain, place) = (SELECT chain, place FROM records
                               WHERE body LIKE '%' || $1 || '%' ORDER BY at, chain LIMIT 1)`,
    [from, to],
  );

/** Those of the money first; what a fault leaves behind must not hide the next one. */
export const FAULTS: Fault[] = [
  {
    name: 'NATS is cut off',
    alerts: [
      'NoNats',
      'RequestsTurnedAway',
      'PromiseBurnsFast',
      'PromiseBurnsSlowly',
      'PromiseBudgetSpent',
    ],
    cause: ({ proxied }) => proxied.links.nats.cut(),
    cure: ({ proxied }) => proxied.links.nats.heal(),
  },
  {
    name: 'the only ledger stands still',
    alerts: ['PartitionUnowned'],
    cause: async ({ signal }) => signal('ledger', 'SIGSTOP'),
    cure: async ({ signal }) => signal('ledger', 'SIGCONT'),
  },
  {
    name: 'somebody holds a lock on the entries',
    alerts: ['PostingStuck', 'LaneBacklog'],
    async cause(stage) {
      await lockEntries(stage);
      const wallets = stage.wallets.slice(0, 2);
      await stage.offer({ rate: 500, seconds: 10, stage: 'ready', wallets, amount: () => 1 });
    },
    cure: async () => unlock?.(),
  },
  {
    name: 'the ledger may not write entries',
    alerts: ['PostingFails'],
    async cause({ sql }) {
      await sql('ledger', 'REVOKE INSERT ON entries FROM florin_ledger');
    },
    async cure({ sql }) {
      await sql('ledger', 'GRANT INSERT ON entries TO florin_ledger');
    },
  },
  {
    name: 'a partition’s stream seems to have gone back',
    alerts: ['PartitionHalted'],
    async cause({ sql, signal, restart }) {
      signal('ledger', 'SIGSTOP');
      await sql('ledger', 'UPDATE partitions SET position = position + $1 WHERE partition = $2', [
        FAR_BEHIND,
        HALTED_PARTITION,
      ]);
      await restart('ledger');
    },
    async cure({ sql, restart }) {
      await sql(
        'ledger',
        `UPDATE partitions SET position = position - $1, halted_reason = NULL
          WHERE partition = $2`,
        [FAR_BEHIND, HALTED_PARTITION],
      );
      await restart('ledger');
    },
  },
  {
    name: 'the stream of events is full',
    alerts: ['EventsUntold', 'PublishFails'],
    async cause(stage) {
      await limitEvents(stage, 1);
      await stage.offer({ rate: 300, seconds: 6, stage: 'ready' });
    },
    cure: (stage) => limitEvents(stage, NO_LIMIT).then(() => undefined),
  },
  {
    name: 'the stream of events takes only small messages',
    alerts: ['EventUntellable'],
    async cause(stage) {
      await limitEventSize(stage, TOO_SMALL);
      await stage.offer({ rate: 50, seconds: 3, stage: 'ready' });
    },
    cure: (stage) => limitEventSize(stage, NO_LIMIT).then(() => undefined),
  },
  {
    name: 'an entry does not reach the auditor',
    alerts: ['MoneyDoesNotAddUp', 'BooksBroken'],
    async cause({ sql }) {
      await sql('auditor', `UPDATE currency_totals SET total = total + 1 WHERE currency = 'USD'`);
    },
    async cure({ sql }) {
      await sql('auditor', `UPDATE currency_totals SET total = total - 1 WHERE currency = 'USD'`);
    },
  },
  {
    name: 'a record of the audit log is changed',
    alerts: ['AuditChainBroken'],
    async cause(stage) {
      await changeRecord(stage, '"amount":"100"', '"amount":"999"');
      await stage.client.post('/v1/admin/audit/verify', {});
    },
    async cure(stage) {
      await changeRecord(stage, '"amount":"999"', '"amount":"100"');
      await stage.client.post('/v1/admin/audit/verify', {});
    },
  },
  {
    name: 'the auditor can’t store its roots',
    alerts: ['RootStale'],
    async cause(stage) {
      await stage.sql('auditor', 'REVOKE INSERT ON roots FROM florin_auditor');
      // As if it had been so for longer.
      await tamper(stage, `UPDATE roots SET at = at - interval '10 minutes'`);
    },
    async cure(stage) {
      await tamper(stage, `UPDATE roots SET at = at + interval '10 minutes'`);
      await stage.sql('auditor', 'GRANT INSERT ON roots TO florin_auditor');
    },
  },
  {
    name: 'the auditor stands still',
    alerts: ['ReconciliationStale'],
    cause: async ({ signal }) => signal('auditor', 'SIGSTOP'),
    cure: async ({ signal }) => signal('auditor', 'SIGCONT'),
  },
  {
    name: 'somebody sends what nobody understands',
    alerts: ['DeadLetters'],
    async cause({ bus }) {
      await bus.js.publish(`txn.initiated.03.${uuidv7()}`, '{"money": "lots"}');
    },
    cure: () => Promise.resolve(),
  },
  {
    name: 'all banks are away',
    alerts: ['BankBreakerOpen', 'SagasStuck'],
    async cause(stage) {
      for (const bank of ALL_BANKS) await behave(stage, bank, 'down');
      for (let again = 0; again < 6; again++) await pays(stage, 6, 'withdrawals', 'ok');
    },
    async cure(stage) {
      for (const bank of ALL_BANKS) await behave(stage, bank, bank);
    },
  },
  {
    name: 'a bank does what it is told and never says so',
    alerts: ['SagasUnknown'],
    async cause(stage) {
      await stage.proxied.links.bank.blackHole();
      await pays(stage, 40, 'withdrawals', 'ok');
    },
    cure: ({ proxied }) => proxied.links.bank.heal(),
  },
  {
    name: 'the scorer stands still, and large payments come',
    alerts: ['ScoringDegraded', 'ReviewsWait'],
    async cause(stage) {
      await setScoring(stage, 'enforce');
      stage.signal('fraud', 'SIGSTOP');
      await stage.offer({ rate: 20, seconds: 8, amount: () => 1_000_000 });
    },
    async cure(stage) {
      stage.signal('fraud', 'SIGCONT');
      // All wallets are one client's, which a model takes for fraud: reviews would never end.
      await setScoring(stage, 'shadow');
      await declineReviews(stage);
    },
  },
  {
    name: 'the scorer is far from NATS',
    alerts: ['ScoringLate'],
    cause: async ({ proxied }) => proxied.ownLinks['fraud']?.latency(2500),
    cure: async ({ proxied }) => proxied.ownLinks['fraud']?.heal(),
  },
  {
    name: 'the scorer finds another stream than it had folded',
    alerts: ['StreamDisorder'],
    async cause({ sql, signal, restart }) {
      signal('fraud', 'SIGSTOP');
      await sql(
        'fraud',
        `UPDATE snapshots SET positions =
           (SELECT jsonb_agg(one || '{"createdAt": "2020-01-01T00:00:00Z"}')
              FROM jsonb_array_elements(positions::jsonb) AS one)`,
      );
      await restart('fraud');
    },
    cure: () => Promise.resolve(),
  },
  {
    name: 'people pay otherwise than they did',
    alerts: ['ScoreDrift'],
    async cause(stage) {
      await stage.offer({ rate: 60, seconds: 30, amount: () => 900_000_000 });
    },
    async cure(stage) {
      await stage.offer({ rate: 60, seconds: 90 });
    },
  },
  {
    name: 'notifications stands still for moments',
    alerts: ['EventLoopStalls'],
    cause: async ({ signal }) => signal('notifications', 'SIGUSR2'),
    cure: async ({ signal }) => signal('notifications', 'SIGUSR2'),
  },
  {
    name: 'notifications is killed again and again',
    alerts: ['ServiceRestarts'],
    async cause({ restart }) {
      for (let again = 0; again < 5; again++) {
        await restart('notifications');
        // Long enough to be seen by Prometheus, too.
        await wait(4000);
      }
    },
    cure: () => Promise.resolve(),
  },
  ...SERVICE_FAULTS,
  ...STATEMENT_FAULTS,
  ...PROVIDER_FAULTS,
  ...BOOK_FAULTS,
];
