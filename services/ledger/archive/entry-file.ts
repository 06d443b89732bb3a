import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import type { Currency } from '@florin/kernel';
import type { ParquetQueryFilter, SchemaElement } from 'hyparquet';
import { fileWriter, ParquetWriter } from 'hyparquet-writer';
import type { ColumnSource } from 'hyparquet-writer';

/** An entry as the archive keeps it: all of it, times in microseconds since 1970. */
export interface ArchivedEntry {
  wallet_id: string;
  sequence: bigint;
  transaction_id: string;
  currency: Currency;
  delta: bigint;
  balance_after: bigint;
  created_us: bigint;
}

type Column = { name: keyof ArchivedEntry; schema: Omit<SchemaElement, 'name'> };

const TEXT = { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' } as const;
const INT8 = { type: 'INT64', repetition_type: 'REQUIRED' } as const;

/** Any reader of Parquet takes these types; times are plain numbers, to the microsecond. */
const COLUMNS: readonly Column[] = [
  { name: 'wallet_id', schema: TEXT },
  { name: 'sequence', schema: INT8 },
  { name: 'transaction_id', schema: TEXT },
  { name: 'currency', schema: TEXT },
  { name: 'delta', schema: INT8 },
  { name: 'balance_after', schema: INT8 },
  { name: 'created_us', schema: INT8 },
];

/** Whole ids in the bounds of a group of rows: those of one moment share their beginning. */
const BOUND_BYTES = 36;

/** The content of entries in their order, whatever they are written down in. */
export function createContentDigest() {
  const hash = createHash('sha256');
  let entries = 0;
  return {
    add(rows: readonly ArchivedEntry[]): void {
      entries += rows.length;
      const lines = rows.map((row) => COLUMNS.map(({ name }) => row[name]).join(' '));
      if (lines.length > 0) hash.update(`${lines.join('\n')}\n`);
    },
    end: (): Content => ({ content: hash.digest('hex'), entries }),
  };
}

export interface Content {
  /** SHA-256 of the entries, a line each. */
  content: string;
  entries: number;
}

/** SHA-256 of a file as it lies there. */
export async function digestOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/**
 * Writes entries as a Parquet file, a group of rows for each page that comes. When this returns,
 * the file is on the disk. Pages must come ordered by wallet and sequence: readers find a wallet by
 * the bounds of the groups.
 */
export async function writeEntryFile(
  path: string,
  pages: AsyncIterable<readonly ArchivedEntry[]>,
): Promise<Content> {
  const writer = fileWriter(path);
  const parquet = new ParquetWriter({
    writer,
    schema: [
      { name: 'entries', num_children: COLUMNS.length },
      ...COLUMNS.map(({ name, schema }) => ({ name, ...schema })),
    ],
    statisticsTruncateLength: BOUND_BYTES,
    createdBy: 'florin',
  });
  const digest = createContentDigest();
  for await (const page of pages) {
    digest.add(page);
    const columnData = COLUMNS.map(({ name }): ColumnSource => ({
      name,
      data: page.map((row) => row[name]),
    }));
    await parquet.write({ columnData, rowGroupSize: page.length });
  }
  await parquet.finish();
  const file = await open(path);
  await file.sync();
  await file.close();
  return digest.end();
}

/** The entries of a file in their order, a group of rows at a time. */
export async function* readEntryFile(path: string): AsyncGenerator<ArchivedEntry[]> {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const rows = await parquetReadObjects({ file, metadata, rowStart, rowEnd });
    yield rows as unknown as ArchivedEntry[];
    rowStart = rowEnd;
  }
}

/** The entries of one wallet: only the groups of rows are read that may hold some. */
export async function findInEntryFile(path: string, walletId: string): Promise<ArchivedEntry[]> {
  const file = await asyncBufferFromFile(path);
  const filter: ParquetQueryFilter = { wallet_id: { $eq: walletId } };
  return (await parquetReadObjects({ file, filter })) as unknown as ArchivedEntry[];
}

/** What a file says when all of it is read. */
export async function contentOfFile(path: string): Promise<Content> {
  const digest = createContentDigest();
  for await (const page of readEntryFile(path)) digest.add(page);
  return digest.end();
}
