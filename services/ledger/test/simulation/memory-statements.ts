import { checkEntries } from './memory-rules.ts';
import { crossingStatements } from './memory-crossings.ts';
import { keyStatements } from './memory-keys.ts';
import { leaseStatements } from './memory-leases.ts';
import type { MemorySession } from './memory-session.ts';
import { keyOf, StatementError, type Row, type TableName } from './memory-tables.ts';
import { listOf, unnested } from './unnested.ts';
import { microsFromIso } from '../../domain/iso-time.ts';

/**
 * What each statement of the lanes does, by its name. Rows come from the parameters by the names
 * that the statement itself gives them, so a new column passes through untold.
 */
export type Statement = (
  session: MemorySession,
  told: { text: string; values: readonly unknown[]; nowMs: number },
) => Promise<Row[] | number>;

const key = (row: Row | undefined, table: TableName): string => keyOf(table, row ?? {});

async function insertAll(
  session: MemorySession,
  table: TableName,
  rows: readonly Row[],
): Promise<void> {
  for (const row of rows) await session.insert(table, row);
}

/** Each row of the parameters changes the row of its key. @returns how many there were */
async function updateAll(
  session: MemorySession,
  table: TableName,
  rows: readonly Row[],
  change: (old: Row, told: Row) => Row,
  where: (old: Row) => boolean = () => true,
): Promise<number> {
  let changed = 0;
  for (const told of rows) {
    const place = key(told, table);
    if (await session.update(table, place, (old) => change(old, told), where)) changed += 1;
  }
  return changed;
}

const without = (row: Row, ...columns: string[]): Row =>
  Object.fromEntries(Object.entries(row).filter(([column]) => !columns.includes(column)));

const inList = (values: readonly unknown[], place = 0): ((id: unknown) => boolean) => {
  const ids = new Set(listOf(values[place]).map(String));
  return (id) => ids.has(String(id));
};

const number = (us: unknown): number | null =>
  us === null || us === undefined ? null : Number(us);
const text = (amount: unknown): string => String((amount as bigint | null | undefined) ?? 0n);

/** A transaction as `transactionColumns` selects it. */
export function transactionRow(session: MemorySession, row: Row): Row {
  const id = String(row['id']);
  const type = String(row['type']);
  const followUp = session.get('follow_ups', id);
  const hold = session.get('holds', id);
  const review = session.get('reviews', id);
  return {
    completed_us: null,
    reversed: null,
    conversion: conversionOf(session.get('conversions', id)),
    fee: feeOf(session.get('fees', id)),
    split_id: null,
    direction: session.get('adjustments', id)?.['direction'] ?? null,
    ...row,
    risk: row['risk'] === null ? null : (JSON.parse(row['risk'] as string) as unknown),
    follow_up:
      followUp === undefined
        ? null
        : {
            relatedId: followUp['related_id'],
            remaining: text(followUp['remaining']),
            endsHold: followUp['ends_hold'],
          },
    hold:
      type !== 'hold' || hold === undefined
        ? null
        : {
            captured: text(hold['captured']),
            released: text(hold['released']),
            expiresAtUs: number(hold['expires_us']),
          },
    review:
      row['risk'] === null || review === undefined
        ? null
        : {
            status: review['status'],
            decidedBy: review['decided_by'] ?? null,
            note: review['note'] ?? null,
            openedAtUs: number(review['opened_us']),
            expiresAtUs: number(review['expires_us']),
            decidedAtUs: number(review['decided_us']),
          },
  };
}

const conversionOf = (row: Row | undefined): Row | null =>
  row === undefined
    ? null
    : {
        quoteId: row['quote_id'],
        usesQuote: row['uses_quote'],
        toCurrency: row['to_currency'],
        toAmount: text(row['to_amount']),
        rate: row['rate'],
        baseCurrency: row['base_currency'],
        fromValue: text(row['from_value']),
        toValue: text(row['to_value']),
      };

const feeOf = (row: Row | undefined): Row | null =>
  row === undefined
    ? null
    : {
        amount: text(row['amount']),
        paidBy: row['paid_by'],
        scheduleVersion: row['schedule_version'],
      };

const isOpen = ({ status }: Row): boolean => status === 'pending' || status === 'held';
const byNumber = (column: string) => (a: Row, b: Row) => Number(a[column]) - Number(b[column]);

const selectTransactions =
  (column: string, where: (row: Row) => boolean = () => true): Statement =>
  async (session, { values }) => {
    const wanted = inList(values);
    const found = session.select('transactions', (row) => wanted(row[column]) && where(row));
    return found.map((row) => transactionRow(session, row));
  };

const lockWallets: Statement = async (session, { values }) => {
  const wanted = inList(values);
  const found = session
    .select('wallets', ({ id }) => wanted(id))
    .toSorted((a, b) => (String(a['id']) < String(b['id']) ? -1 : 1));
  const rows = await session.lock('wallets', found, () => true);
  return rows.map((row) => ({ ...row, allowance: allowanceOf(row) }));
};

const LIMITS = ['limit_transaction', 'limit_day', 'limit_month', 'spent_day', 'spent_month'];

const allowanceOf = (row: Row): string[] | null =>
  (row['limit_transaction'] ?? null) === null ? null : LIMITS.map((column) => text(row[column]));

const postBatch: Statement = async (session, { text: sql, values }) => {
  const [transactions = [], entries = [], wallets = [], partitions = []] = unnested(sql, values);
  const numbered = new Set(
    session
      .select('transactions', () => true)
      .map((row) => `${String(row['partition'])} ${String(row['event_sequence'])}`),
  );
  // What arrives from another shard has no event of its own.
  for (const row of transactions.filter(({ event_sequence: sequence }) => sequence !== null)) {
    const place = `${String(row['partition'])} ${String(row['event_sequence'])}`;
    if (numbered.has(place)) throw new StatementError('23505', `event ${place} is told already`);
    numbered.add(place);
  }
  await insertAll(session, 'transactions', transactions);
  await insertAll(session, 'entries', entries);
  checkEntries(entries);
  const changed = await updateAll(session, 'wallets', wallets, (_, told) => told);
  const moved = await updateAll(session, 'partitions', partitions, (old, told) => ({
    ...told,
    published_sequence: largest(old, told, 'published_sequence'),
    watched_position: largest(old, told, 'watched_position'),
  }));
  return [{ wallets: changed, partitions: moved }];
};

const largest = (old: Row, told: Row, column: string): unknown =>
  (told[column] as bigint) > (old[column] as bigint) ? told[column] : old[column];

const insertInto =
  (table: TableName, more: Row = {}): Statement =>
  async (session, { text: sql, values }) => {
    const [rows = []] = unnested(sql, values);
    await insertAll(
      session,
      table,
      rows.map((row) => ({ ...more, ...row })),
    );
    return rows.length;
  };

/** The condition that every note about a partition carries. */
const ours = (values: readonly unknown[], row: Row): boolean =>
  row['partition'] === Number(values[0]) && row['epoch'] === BigInt(String(values[1]));

const noteOf =
  (change: (value: unknown) => Row, where: (row: Row) => boolean = () => true): Statement =>
  async (session, { values }) =>
    Number(
      await session.update(
        'partitions',
        String(values[0]),
        () => change(values[2]),
        (row) => ours(values, row) && where(row),
      ),
    );

/** From the sequence $2 (without) to $3, of partition $1. */
const inRange = ([partition, after, upTo]: readonly unknown[], row: Row, column: string): boolean =>
  row['partition'] === Number(partition) &&
  (row[column] as bigint) > BigInt(Number(after)) &&
  (row[column] as bigint) <= BigInt(Number(upTo));

const expired =
  (table: 'reviews' | 'holds', isDue: (session: MemorySession, row: Row) => boolean): Statement =>
  async (session, { values }) => {
    const wanted = inList(values);
    const now = BigInt(microsFromIso(String(values[1])));
    return session
      .select(table, (row) => ((row['expires_us'] as bigint | null) ?? now + 1n) <= now)
      .filter((row) => isDue(session, row))
      .map((row): Row => ({ ...session.get('transactions', key(row, table)), ...row }))
      .filter(({ partition }) => wanted(partition))
      .toSorted(byNumber('expires_us'))
      .slice(0, Number(values[2]));
  };

export const STATEMENTS: Record<string, Statement> = {
  ...leaseStatements,
  ...crossingStatements,
  ...keyStatements,
  'lock-partitions': async (session, { text: sql, values }) => {
    const [claimed = []] = unnested(sql, values);
    const claims = new Map(claimed.map((row) => [row['partition'], row]));
    const where = (row: Row): boolean => {
      const claim = claims.get(row['partition']);
      const isOurs = claim?.['epoch'] === row['epoch'];
      return isOurs && claim?.['event_sequence'] === row['event_sequence'];
    };
    const found = session.select('partitions', where).toSorted(byNumber('partition'));
    const locked = await session.lock('partitions', found, where);
    return locked.map((row) => ({ ...row, books_version: 0n }));
  },
  'find-parties': async (session, { values }) => {
    const wanted = inList(values);
    const found = session.select('transactions', ({ id }) => wanted(id));
    const ids = found.flatMap((row) => [row['wallet_id'], row['counterparty_wallet_id']]);
    return [...new Set(ids)].filter((id) => id !== null).map((id) => ({ id }));
  },
  'find-transactions': selectTransactions('id'),
  'find-open-transactions': selectTransactions('wallet_id', isOpen),
  'find-follow-ups-under-way': async (session, { values }) => {
    const wanted = inList(values);
    const follows = session.select('follow_ups', ({ related_id: id }) => wanted(id));
    const ids = new Set(follows.map((row) => row['transaction_id']));
    const found = session.select('transactions', (row) => ids.has(row['id']));
    return found
      .filter(({ status }) => status === 'held')
      .map((row) => transactionRow(session, row));
  },
  'find-known-payees': async (session, { text: sql, values }) => {
    const [asked = []] = unnested(sql, values);
    return asked.filter(({ payer, payee }) =>
      session
        .select('transactions', (row) => row['counterparty_wallet_id'] === payee)
        .some(({ wallet_id, wallet_sequence }) => wallet_id === payer && wallet_sequence !== null),
    );
  },
  'lock-wallets': lockWallets,
  'open-wallets': async (session, { text: sql, values }) => {
    const [opened = []] = unnested(sql, values);
    const rows = opened.map((row) => ({
      status: 'active',
      posted: 0n,
      held: 0n,
      sequence: 0n,
      version: 0n,
      ...without(row, 'at_us'),
      created_us: row['at_us'],
      changed_us: row['at_us'],
    }));
    await insertAll(session, 'wallets', rows);
    return rows.length;
  },
  'post-batch': postBatch,
  'post-batch-spending': postBatch,
  'settle-transactions': async (session, { text: sql, values }) => {
    const [rows = []] = unnested(sql, values);
    return updateAll(session, 'transactions', rows, (_, told) => told, isOpen);
  },
  'write-limits': async (session, { text: sql, values }) => {
    const [rows = []] = unnested(sql, values);
    return updateAll(session, 'wallets', rows, (_, told) => ({
      limit_transaction: told['per_transaction'],
      limit_day: told['per_day'],
      limit_month: told['per_month'],
    }));
  },
  'write-follow-ups': insertInto('follow_ups'),
  'write-conversions': async (session, told) => {
    const isUsed = (row: Row): boolean => row['uses_quote'] === true;
    const used = new Set(session.select('conversions', isUsed).map((row) => row['quote_id']));
    for (const row of unnested(told.text, told.values)[0] ?? []) {
      if (isUsed(row) && used.has(row['quote_id'])) {
        throw new StatementError('23505', 'a quote is used twice');
      }
      await session.insert('conversions', row);
    }
    return 0;
  },
  'write-fees': insertInto('fees'),
  'lock-quotes': async (session, { values }) => {
    const ids = [...new Set(listOf(values[0]).map(String))].toSorted();
    for (const id of ids) await session.lockName(id);
    return ids.map(() => ({ pg_advisory_xact_lock: '' }));
  },
  'find-used-quotes': async (session, { values }) => {
    const wanted = inList(values);
    return session
      .select('conversions', (row) => row['uses_quote'] === true && wanted(row['quote_id']))
      .map((row) => ({ id: row['quote_id'] }));
  },
  'reverse-transactions': async (session, { text: sql, values }) => {
    const [rows = []] = unnested(sql, values);
    return updateAll(
      session,
      'transactions',
      rows,
      (_, told) => told,
      ({ status }) => status === 'completed',
    );
  },
  'place-holds': insertInto('holds', { captured: 0n, released: 0n, settled_us: null }),
  'draw-holds': async (session, { text: sql, values }) => {
    const [rows = []] = unnested(sql, values);
    return updateAll(session, 'holds', rows, (old, told) => ({
      captured: (old['captured'] as bigint) + (told['captured'] as bigint),
      released: (old['released'] as bigint) + (told['released'] as bigint),
      settled_us: told['settled_us'],
    }));
  },
  'find-wallets': async (session, { values }) => {
    const wanted = inList(values);
    return session.select('wallets', ({ id, kind }) => wanted(id) && kind === 'user');
  },
  'find-adjustments': async (session, { values }) => {
    const wanted = inList(values);
    return session.select('adjustments', ({ id }) => wanted(id));
  },
  'write-adjustments': async (session, { text: sql, values }) => {
    const [rows = []] = unnested(sql, values);
    for (const told of rows) {
      const { status, decided_us, decided_by, note } = told;
      const change = { status, decided_us, decided_by, note };
      const place = key(told, 'adjustments');
      if (!(await session.update('adjustments', place, () => change))) {
        await session.insert('adjustments', told);
      }
    }
    return rows.length;
  },
  'write-overdrafts': async (session, { text: sql, values }) => {
    const [rows = []] = unnested(sql, values);
    return updateAll(session, 'wallets', rows, (_, told) => told);
  },
  'write-reviews': async (session, { text: sql, values }) => {
    const [rows = []] = unnested(sql, values);
    for (const told of rows) {
      const { status, decided_us, decided_by, note } = told;
      const change = { status, decided_us, decided_by, note };
      const place = key(told, 'reviews');
      if (!(await session.update('reviews', place, () => change))) {
        await session.insert('reviews', told);
      }
    }
    return rows.length;
  },
  'write-stored-events': insertInto('stored_events'),
  'write-dead-letters': async (session, { text: sql, values }) => {
    const [rows = []] = unnested(sql, values);
    for (const row of rows) {
      if (session.get('dead_letters', key(row, 'dead_letters'))) continue;
      await session.insert('dead_letters', row);
    }
    return rows.length;
  },
  'read-partition': async (session, { values }) => {
    const where = (row: Row) => ours(values, row);
    return session.lock('partitions', session.select('partitions', where), where);
  },
  'bind-stream': noteOf(
    (value) => ({ stream_created_at: value }),
    (row) => row['stream_created_at'] === null,
  ),
  'halt-partition': noteOf((value) => ({ halted_reason: value })),
  'save-progress': async (session, { text: sql, values }) => {
    const [rows = []] = unnested(sql, values);
    let saved = 0;
    const inOrder = rows.toSorted((a, b) => Number(a['partition']) - Number(b['partition']));
    for (const told of inOrder) {
      const progress = {
        published_sequence: told['published'],
        watched_position: told['watched'],
      };
      const done = await session.update(
        'partitions',
        key(told, 'partitions'),
        (old) => ({
          published_sequence: largest(old, progress, 'published_sequence'),
          watched_position: largest(old, progress, 'watched_position'),
        }),
        (row) => row['epoch'] === told['epoch'],
      );
      saved += Number(done);
    }
    return saved;
  },
  'unpublished-transactions': async (session, { values }) =>
    session
      .select('transactions', (row) => inRange(values, row, 'event_sequence'))
      .filter(
        (row) =>
          session.get(
            'stored_events',
            key({ ...row, sequence: row['event_sequence'] }, 'stored_events'),
          ) === undefined,
      )
      .toSorted(byNumber('event_sequence'))
      .map((row) => transactionRow(session, row)),
  'unpublished-stored-events': async (session, { values }) =>
    session
      .select('stored_events', (row) => inRange(values, row, 'sequence'))
      .toSorted(byNumber('sequence'))
      .map(({ sequence, name, envelope }) => ({
        sequence,
        name,
        json: envelope,
        wallet: (JSON.parse(String(envelope)) as { subject: string }).subject,
      })),
  'entries-of-transactions': async (session, { text: sql, values }) => {
    const [rows = []] = unnested(sql, values);
    return rows.flatMap((row): Row[] => {
      const entry = session.get('entries', key(row, 'entries'));
      return entry === undefined ? [] : [entry];
    });
  },
  'find-expired-reviews': expired('reviews', (_, { status }) => status === 'open'),
  'find-expired-holds': expired(
    'holds',
    (session, row) =>
      row['settled_us'] === null &&
      session.get('reviews', key(row, 'holds'))?.['status'] !== 'open',
  ),
};
