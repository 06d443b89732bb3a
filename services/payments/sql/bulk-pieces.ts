import { sql } from '@florin/postgres';
import { z } from 'zod';
import type { Queries } from './queries.ts';

const nothing = z.object({});

export interface NewPiece {
  id: string;
  number: number;
  firstLine: number;
  lines: number;
  digest: Buffer;
  text: string;
}

/** A piece that is there already stays; only while its file is uploaded a new one comes. */
export const insertPiece = (db: Queries, piece: NewPiece) =>
  db.query(sql.type(nothing)`
    INSERT INTO bulk_pieces (file_id, number, first_line, lines, digest, content)
    SELECT id, ${piece.number}, ${piece.firstLine}, ${piece.lines}, ${sql.binary(piece.digest)},
           ${piece.text}
      FROM bulk_files WHERE id = ${piece.id} AND status = 'uploading'
    ON CONFLICT (file_id, number) DO NOTHING`);

const digestRow = z.object({ digest: z.instanceof(Buffer) });

export const digestOf = async (db: Queries, id: string, number: number) =>
  (
    await db.maybeOne(sql.type(digestRow)`
      SELECT digest FROM bulk_pieces WHERE file_id = ${id} AND number = ${number}`)
  )?.digest;

const sums = z.object({ pieces: z.number(), lines: z.number() });

export const sumPieces = (db: Queries, id: string) =>
  db.one(sql.type(sums)`
    SELECT count(*)::int AS pieces, coalesce(sum(lines), 0)::int AS lines
      FROM bulk_pieces WHERE file_id = ${id}`);

const numberRow = z.object({ number: z.number() });

/** Pieces without results, in their order: all of a file that goes on, else those begun. */
export const openPieces = async (
  db: Queries,
  id: string,
  { limit, begunOnly }: { limit: number; begunOnly: boolean },
): Promise<number[]> =>
  (
    await db.any(sql.type(numberRow)`
      SELECT number FROM bulk_pieces
       WHERE file_id = ${id} AND results IS NULL AND (begun OR NOT ${begunOnly})
       ORDER BY number LIMIT ${limit}`)
  ).map(({ number }) => number);

const contentRow = z.object({ firstLine: z.number(), content: z.string().nullable() });
export type PieceContent = z.infer<typeof contentRow>;

/** Reads a piece whose lines will be sent now. */
export const beginPiece = (db: Queries, id: string, number: number) =>
  db.one(sql.type(contentRow)`
    UPDATE bulk_pieces SET begun = true WHERE file_id = ${id} AND number = ${number}
    RETURNING first_line AS "firstLine", content`);

/** Whether it was this process that wrote them: results are written once. */
export async function saveResults(
  db: Queries,
  { id, number, results }: { id: string; number: number; results: string },
): Promise<boolean> {
  const { rowCount } = await db.query(sql.type(nothing)`
    UPDATE bulk_pieces SET results = ${results}, content = NULL
     WHERE file_id = ${id} AND number = ${number} AND results IS NULL`);
  return rowCount === 1;
}

const resultsRow = z.object({
  firstLine: z.number(),
  lines: z.number(),
  begun: z.boolean(),
  results: z.string().nullable(),
});

export const readResults = (db: Queries, id: string, number: number) =>
  db.maybeOne(sql.type(resultsRow)`
    SELECT first_line AS "firstLine", lines, begun, results FROM bulk_pieces
     WHERE file_id = ${id} AND number = ${number}`);
