import { TerminalError } from '@florin/kernel';
import pg from 'pg';

/** How the text of one Postgres type becomes a value. The ids are fixed in pg_type for ever. */
export interface ColumnType {
  name: string;
  oid: number;
  arrayOid: number;
  parse(text: string): unknown;
}

/**
 * `sum(bigint)` is numeric, and drivers hand numeric out as a float or as text: either way money
 * silently stops being an exact bigint. Nothing in Florin stores numeric, so meeting it means that
 * a query is wrong.
 */
function rejectNumeric(): never {
  throw new TerminalError(
    'a column of type numeric was selected: sum(bigint) is numeric: cast it to int8',
  );
}

/**
 * Everything that differs from pg's own parsers, for the hot pool and for slonik alike. What is not
 * listed is right already: int2, int4, float, bool, bytea, and text for uuid and text.
 */
export const columnTypes: readonly ColumnType[] = [
  { name: 'int8', oid: 20, arrayOid: 1016, parse: BigInt },
  { name: 'numeric', oid: 1700, arrayOid: 1231, parse: rejectNumeric },
  { name: 'timestamptz', oid: 1184, arrayOid: 1185, parse: pg.types.getTypeParser(1184) },
  // A calendar day has no hour: as a Date it would move by one in half of the time zones.
  { name: 'date', oid: 1082, arrayOid: 1182, parse: String },
  { name: 'uuid', oid: 2950, arrayOid: 2951, parse: String },
  { name: 'jsonb', oid: 3802, arrayOid: 3807, parse: (text) => JSON.parse(text) as unknown },
];

const TEXT_ARRAY_OID: number = 1009;
const textArray = pg.types.getTypeParser(TEXT_ARRAY_OID) as (text: string) => (string | null)[];

/** Parses a one-dimensional array. A null element stays null. */
function parseArray(type: ColumnType, text: string): unknown[] {
  return textArray(text).map((element) => (element === null ? null : type.parse(element)));
}

const parsers = new Map<number, (text: string) => unknown>(
  columnTypes.flatMap((type) => [
    [type.oid, type.parse],
    [type.arrayOid, (text: string) => parseArray(type, text)],
  ]),
);

/** The `types` of one client. pg's global table, which other code may rely on, stays as it is. */
export const clientTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    (format === 'binary' ? undefined : parsers.get(oid)) ??
    pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};
