import { LANE_TYPES, readyMessageId, shardOf, type LaneMessage } from '@florin/contracts';
import { createHotPool } from '@florin/postgres';
import { createAuditorModel, freshDatabase, type AuditedCommand } from '@florin/testing';
import fc from 'fast-check';
import type pg from 'pg';
import { expect, test } from 'vitest';
import { NO_FEES } from '../domain/fee.ts';
import type { LaneItem } from '../lane/lane-item.ts';
import { createPostBatch } from '../lane/post-batch.ts';
import { findDepartures } from '../sql/departures.ts';
import {
  beginKeyChecks,
  findKeys,
  findUncheckedKeys,
  noteKeysChecked,
  writeReusedKeys,
} from '../sql/keys.ts';
import { lockPartitions } from '../sql/lock-partitions.ts';
import { drawHolds } from '../sql/write-holds.ts';
import { settleTransactions } from '../sql/settle-transactions.ts';
import { anyCommands } from './any-command.ts';
import { deciderOf, id, mayFollow, message } from './lane-bench.ts';
import { createMemoryServer, type Answered } from './simulation/memory-server.ts';
import type { Row } from './simulation/memory-tables.ts';

const COMMANDS = 500;

interface Compared {
  /** Every statement goes to both; what Postgres answers counts. */
  pool: pg.Pool;
  differences: string[];
  statements: Set<string>;
  books: ReturnType<typeof createMemoryServer>['books'];
}

type Outcome = { rows: Row[]; rowCount: number | null } | { code: string };

/** What both must say alike: rows in any order but that of their keys, columns that both have. */
function differenceOf(name: string, postgres: Outcome, memory: Outcome): string | undefined {
  const [theirs, ours] = [postgres, memory].map((outcome) =>
    'code' in outcome ? outcome.code.slice(0, 2) : linesOf(outcome.rows),
  );
  return theirs === ours ? undefined : `${name}: Postgres ${theirs}, memory ${ours}`;

  function linesOf(rows: Row[]): string {
    const wanted = 'code' in postgres ? [] : Object.keys(postgres.rows[0] ?? {});
    const lines = rows.map((row) =>
      JSON.stringify(
        wanted.map((column) => [column, row[column] ?? null]),
        plain,
      ),
    );
    return lines.toSorted().join('\n');
  }
}

const plain = (_: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value;

const codeOf = (error: unknown): { code: string } => ({
  code: error instanceof Error && 'code' in error ? String(error.code) : String(error),
});

function compare(real: pg.Pool): Compared {
  const server = createMemoryServer(() => 0);
  const differences: string[] = [];
  const statements = new Set<string>();
  const session = server.open(() => {});

  async function both(client: pg.PoolClient, query: pg.QueryConfig | string, values?: unknown[]) {
    const { name = '', text } = typeof query === 'string' ? { text: query } : query;
    const memory: Promise<Answered | { code: string }> = session
      .execute({ name, text, values: values ?? [] })
      .catch(codeOf);
    const postgres = client.query(query as pg.QueryConfig, values);
    const told = await postgres.then(
      ({ rows, rowCount }) => ({ rows: rows as Row[], rowCount }),
      codeOf,
    );
    statements.add(name);
    const difference = differenceOf(name, told, await memory);
    if (difference !== undefined && name !== '') differences.push(difference);
    return postgres;
  }

  const connect = async () => {
    const client = await real.connect();
    let last: Promise<unknown> = Promise.resolve();
    const query = (asked: pg.QueryConfig | string, values?: unknown[]) => {
      const answer = last.then(() => both(client, asked, values));
      last = answer.catch(() => {});
      return answer;
    };
    return { query, release: () => client.release(), pipeline: false };
  };
  const pool = { connect } as unknown as pg.Pool;
  return { pool, differences, statements, books: server.books };
}

/** Hunts simulated books that are kinder, stricter or simply other than the real ones. */
test('memory and Postgres answer every statement of the lanes alike', async () => {
  const url = await freshDatabase('memory_books', new URL('../migrations', import.meta.url));
  const real = createHotPool({ url, applicationName: 'memory-books', max: 1 });
  try {
    await real.query('INSERT INTO partitions (partition, epoch) VALUES (0, 5)');
    const compared = compare(real);
    const row = { partition: 0, epoch: 5n, position: 0n, event_sequence: 0n };
    const rest = { published_sequence: 0n, watched_position: 0n };
    compared.books.tables.partitions.set('0', { ...row, ...rest });
    const last = await postAnything(compared);
    await hostileStatements(compared, real, last);
    await postCrossings(compared, last);
    expect(compared.differences).toEqual([]);
    for (const name of [
      'post-batch',
      'draw-holds',
      'write-reviews',
      'reverse-transactions',
      'settle-departures',
      'find-arrivals',
      'find-unchecked-keys',
    ]) {
      expect(compared.statements).toContain(name);
    }
  } finally {
    await real.end();
  }
});

/** @returns the last event that was numbered */
async function postAnything({ pool, books }: Compared): Promise<number> {
  let nowUs = 1_800_000_000_000_000;
  const postBatch = createPostBatch({
    pool,
    nowUs: () => (nowUs += 1_000_000),
    fees: () => NO_FEES,
    reviewForMs: 25_000,
  });
  const auditor = createAuditorModel(25);
  const size = { minLength: COMMANDS, maxLength: COMMANDS };
  const groups = [0, 1, 2, 3].flatMap((group) =>
    fc.sample(anyCommands(1000 * group, size), { numRuns: 1, seed: group }),
  );
  let sequence = 0;
  let eventSequence = 0;
  const post = async (items: LaneItem[]) => {
    const claim = { partition: 0, epoch: 5n, eventSequence };
    const progress = { publishedSequence: 0, watchedPosition: 0 };
    const { eventSequences } = await postBatch([{ ...claim, ...progress }], items);
    eventSequence = eventSequences.get(0) ?? 0;
  };
  let waiting: LaneItem[] = [];
  for (const command of groups.flat()) {
    // A word about something waits until that is in the books.
    if (!('amount' in command) && waiting.length > 0) {
      await post(waiting);
      waiting = [];
    }
    const walletId = walletOf(command, books.tables);
    if (walletId === undefined) continue;
    const told = message(command);
    const filled = { ...told, data: { ...told.data, walletId } } as typeof told;
    sequence += 1;
    const item = { partition: 0, sequence, messageId: readyMessageId(`m-${sequence}`) };
    const sent = { signatory: 'gateway', origin: '', weight: 1, deadLetters: [] };
    waiting.push({ ...item, ...sent, commands: [{ item: 0, message: filled }] });
    auditor.apply(command);
    if (sequence % 3 !== 0) continue;
    await post(waiting);
    waiting = [];
  }
  if (waiting.length > 0) await post(waiting);
  expect(books.tables.transactions.size).toBeGreaterThan(20);
  return eventSequence;
}

/** Payments to another shard and from it, of which one waits; and keys that are looked up. */
async function postCrossings({ pool }: Compared, eventSequence: number): Promise<void> {
  const map = { version: 1, partitions: [0, 1] };
  const walletsOf = (shard: number): string[] =>
    Array.from({ length: 40 }, (_, n) => id(90_000 + n)).filter(
      (one) => shardOf(map, one) === shard,
    );
  const [[here = '', other = ''], [away = '']] = [walletsOf(0), walletsOf(1)];
  const postBatch = createPostBatch({
    pool,
    nowUs: () => 1_900_000_000_000_000,
    fees: () => NO_FEES,
    reviewForMs: 25_000,
    shard: { own: 0, map },
  });
  let sequence = 10_000;
  async function post(...messages: LaneMessage[]): Promise<void> {
    const claim = { partition: 0, epoch: 5n, eventSequence, publishedSequence: 0 };
    const items = messages.map((told): LaneItem => {
      sequence += 1;
      const item = { partition: 0, sequence, messageId: `crossing-${sequence}` };
      const sent = { signatory: 'ledger', origin: '', weight: 1, deadLetters: [] };
      return { ...item, ...sent, commands: [{ item: 0, message: told }] };
    });
    const { eventSequences } = await postBatch([{ ...claim, watchedPosition: 0 }], items);
    eventSequence = eventSequences.get(0) ?? 0;
  }
  const opening = (wallet: string) => message({ do: 'open', wallet, currency: 'USD' });
  const letter = (type: string, data: object): LaneMessage =>
    ({ ...opening(here), type, data }) as LaneMessage;
  const deposit = { id: id(91_000), wallet: here, amount: 100n, currency: 'USD' };
  const settlement = message({ do: 'settle', id: deposit.id, completed: true });
  await post(opening(here), opening(other), message({ do: 'deposit', ...deposit }));
  await post({ ...settlement, data: { ...settlement.data, walletId: here } } as LaneMessage);
  const paid = [1, 2, 3].map((n) => id(91_000 + n));
  const order = { from: here, to: away, amount: 10n, currency: 'USD' };
  await post(...paid.map((one) => message({ do: 'transfer', id: one, ...order })));
  const credit = (n: number, walletId: string) =>
    letter(LANE_TYPES.creditTransfer, {
      transactionId: id(91_000 + n),
      type: 'transfer',
      walletId,
      payerWalletId: away,
      amount: '7',
      currency: 'USD',
      clientId: 'client',
      bodyHash: 'same'.padEnd(22, '0'),
    });
  await post(credit(10, other), credit(11, id(92_000)));
  await post(credit(10, other), credit(11, id(92_000)));
  const entry = { walletId: away, sequence: 1, amount: '10', balanceAfter: '10' };
  const entries = ['debit', 'credit'].map((direction) => ({ ...entry, direction }));
  const outcomes = [
    { status: 'credited', entries },
    { status: 'refused', code: 'wallet-frozen' },
  ];
  for (const [n, outcome] of outcomes.entries()) {
    const parties = { walletId: here, payeeWalletId: away, currency: 'USD' };
    const settled = { transactionId: paid[n], ...parties, outcome };
    await post(
      letter(LANE_TYPES.settleTransfer, settled),
      letter(LANE_TYPES.settleTransfer, settled),
    );
  }
  const client = await pool.connect();
  await client.query('BEGIN');
  await client.query(findDepartures, ['{0}', '2100-01-01T00:00:00Z', 10]);
  await client.query(findDepartures, ['{0}', '2001-01-01T00:00:00Z', 10]);
  await client.query(findKeys, [`{${paid.join(',')},${id(93_000)}}`]);
  await client.query(beginKeyChecks);
  await client.query(noteKeysChecked, ['{0}', `{${eventSequence - 3}}`]);
  await client.query(findUncheckedKeys, ['{0}', 2]);
  await client.query(writeReusedKeys, [`{${paid[0]}}`, '{1}']);
  await client.query(writeReusedKeys, [`{${paid[0]}}`, '{2}']);
  await client.query('COMMIT');
  client.release();
}

/** Where it is decided; undefined where nobody would say it. */
function walletOf(
  command: AuditedCommand,
  tables: Compared['books']['tables'],
): string | undefined {
  if (command.do === 'open') return command.wallet;
  const known = (one: string) => (tables.wallets.has(one) ? one : undefined);
  if ('wallet' in command) return known(command.wallet);
  if ('from' in command) return known(command.from);
  if ('items' in command) {
    const all = command.items.every(({ from }) => known(from) !== undefined);
    return all ? command.items[0]?.from : undefined;
  }
  const about = tables.transactions.get('of' in command ? command.of : command.id);
  if (about === undefined) return undefined;
  const [type, status] = [String(about['type']), String(about['status'])];
  if ('of' in command && !mayFollow(command, type, status)) return undefined;
  if (command.do === 'settle' && type !== 'deposit' && type !== 'withdrawal') return undefined;
  if (command.do === 'expire-hold' && type !== 'hold') return undefined;
  return deciderOf(command, {
    type,
    walletId: String(about['wallet_id']),
    counterpartyWalletId: about['counterparty_wallet_id'] as string | null,
  });
}

/** What code of ours would never send: both must refuse it, and for the same kind of reason. */
async function hostileStatements(
  { pool, differences }: Compared,
  real: pg.Pool,
  eventSequence: number,
): Promise<void> {
  const { rows } = await real.query<{ id: string; hold: string | null }>(
    `SELECT id, (SELECT transaction_id FROM holds LIMIT 1) AS hold
       FROM transactions WHERE status = 'failed' LIMIT 1`,
  );
  const [found] = rows;
  expect(found?.hold).toBeTruthy();
  const settled = ['{completed}', '{NULL}', '{1}', '{1}', '{0}', '{0}', '{2026-01-01T00:00:00Z}'];
  const hostile: [pg.QueryConfig, unknown[]][] = [
    [lockPartitions, ['{0}', '{4}', '{0}']],
    [lockPartitions, ['{0}', '{5}', '{0}']],
    [lockPartitions, ['{0}', '{5}', `{${eventSequence}}`]],
    [settleTransactions, [`{${found?.id}}`, ...settled]],
    [drawHolds, [`{${found?.hold}}`, '{1000000}', '{0}', '{NULL}']],
  ];
  for (const [query, values] of hostile) {
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query(query, values).catch(() => {});
    await client.query('ROLLBACK');
    client.release();
  }
  expect(differences.filter((one) => one.startsWith('lock-partitions'))).toEqual([]);
}
