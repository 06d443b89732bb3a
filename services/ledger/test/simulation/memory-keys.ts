import type { Statement } from './memory-statements.ts';
import { keyOf } from './memory-tables.ts';
import { listOf, unnested } from './unnested.ts';

/** The statements of sql/keys.ts. */
export const keyStatements: Record<string, Statement> = {
  'find-keys': async (session, { values }) => {
    const isOurs = (partition: unknown) =>
      session.get('partitions', String(partition)) !== undefined;
    const ids = listOf(values[0]).map(String);
    const payments = ids
      .map((id) => session.get('transactions', id))
      .filter((row) => row !== undefined && isOurs(row['partition']))
      .map((row) => row?.['id']);
    const wanted = new Set(ids);
    const quotes = session
      .select('conversions', (row) => row['uses_quote'] === true)
      .map((row) => row['quote_id'])
      .filter((id) => wanted.has(String(id)));
    return [...payments, ...quotes].map((id) => ({ id }));
  },
  'begin-key-checks': async (session) => {
    for (const { partition } of session.select('partitions', () => true)) {
      if (session.get('key_checks', String(partition)) !== undefined) continue;
      await session.insert('key_checks', { partition, checked_sequence: 0n });
    }
    return 0;
  },
  'find-unchecked-keys': async (session, { values }) => {
    const wanted = new Set(listOf(values[0]).map(Number));
    const checks = session.select('key_checks', (row) => wanted.has(Number(row['partition'])));
    return checks.flatMap(({ partition, checked_sequence: checked }) =>
      session
        .select('transactions', (row) => {
          const sequence = row['event_sequence'] as bigint | null;
          return row['partition'] === partition && (sequence ?? 0n) > (checked as bigint);
        })
        .toSorted((a, b) => Number(a['event_sequence']) - Number(b['event_sequence']))
        .slice(0, Number(values[1]))
        .map(({ id, event_sequence }) => ({ partition, id, event_sequence })),
    );
  },
  'note-keys-checked': async (session, { text, values }) => {
    const [rows = []] = unnested(text, values);
    for (const told of rows) {
      const checked = told['checked_sequence'] as bigint;
      await session.update(
        'key_checks',
        keyOf('key_checks', told),
        () => ({ checked_sequence: checked }),
        (row) => (row['checked_sequence'] as bigint) < checked,
      );
    }
    return rows.length;
  },
  'write-reused-keys': async (session, { text, values }) => {
    const [rows = []] = unnested(text, values);
    for (const row of rows) {
      if (session.get('reused_keys', keyOf('reused_keys', row)) !== undefined) continue;
      await session.insert('reused_keys', row);
    }
    return rows.length;
  },
};
