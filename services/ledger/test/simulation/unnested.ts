import { assert } from '@florin/kernel';
import pg from 'pg';
import { microsFromIso } from '../../domain/iso-time.ts';
import type { Row } from './memory-tables.ts';

/** What `unnest(…) AS u (…)` of a statement makes of its parameters: rows, by their own names. */

interface Unnest {
  columns: string[];
  parameters: { place: number; type: string }[];
}

const UNNEST = /unnest\(([^)]*)\)(\s+WITH ORDINALITY)?(?:\s*(?:AS)?\s*\w+\s*\(([^)]*)\))?/g;
const INSERTED = /INSERT INTO \w+ \(([^)]*)\)/;
const PARAMETER = /\$(\d+)::(\w+)\[\]/g;

const known = new Map<string, Unnest[]>();

function unnestsOf(text: string): Unnest[] {
  const before = known.get(text);
  if (before !== undefined) return before;
  const inserted = INSERTED.exec(text)?.[1] ?? '';
  const found = [...text.matchAll(UNNEST)].map(([, list = '', numbered, named]) => ({
    // Rows come in the order of their numbers anyhow.
    columns: (named ?? inserted)
      .split(',')
      .map((column) => column.trim())
      .slice(0, numbered === undefined ? undefined : -1),
    parameters: [...list.matchAll(PARAMETER)].map(([, place, type = '']) => ({
      place: Number(place) - 1,
      type,
    })),
  }));
  for (const { columns, parameters } of found) {
    assert(columns.length === parameters.length, `an unnest is not understood: ${text}`);
  }
  known.set(text, found);
  return found;
}

const TEXT_ARRAY_OID: number = 1009;
const textArray = pg.types.getTypeParser(TEXT_ARRAY_OID) as (text: string) => (string | null)[];

const isTrue = (text: string): boolean => text === 't' || text === 'true';

const PARSERS: Record<string, (text: string) => unknown> = {
  int: Number,
  bool: isTrue,
  boolean: isTrue,
  bigint: BigInt,
  jsonb: (text) => JSON.parse(text) as unknown,
  json: String,
  timestamptz: (text) => BigInt(microsFromIso(text)),
};

/** A list as the statements send it: as the text of an array, or as an array. */
export function listOf(value: unknown, type = 'text'): unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  const parse = PARSERS[type] ?? String;
  return textArray(String(value)).map((text) => (text === null ? null : parse(text)));
}

/** Times are kept as microseconds: `created_at` is `created_us`. */
const columnOf = (name: string, type: string): string =>
  type !== 'timestamptz' ? name : name === 'at' ? 'at_us' : name.replace(/_at$/, '_us');

/** One list of rows for each unnest of the statement, in order. */
export function unnested(text: string, values: readonly unknown[]): Row[][] {
  return unnestsOf(text).map(({ columns, parameters }) => {
    const lists = parameters.map(({ place, type }) => listOf(values[place], type));
    const names = parameters.map(({ type }, i) => columnOf(columns[i] ?? '', type));
    return (lists[0] ?? []).map((_, row) =>
      Object.fromEntries(names.map((name, i) => [name, lists[i]?.[row]])),
    );
  });
}
