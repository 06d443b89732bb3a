import type { StatementEntry } from '@florin/contracts';

/** Points from one line to the next. */
export const ROW_HEIGHT = 14;
/** Entries on the first page, below its head, and on each further one. */
export const ROWS = { first: 39, rest: 51 } as const;

/** Pages that so many entries fill. The first one is there without any, too. */
export const pageCount = (entries: number): number =>
  1 + Math.max(0, Math.ceil((entries - ROWS.first) / ROWS.rest));

/** Cuts what comes in pieces of any size into pages. */
export async function* splitPages(
  pieces: AsyncIterable<readonly StatementEntry[]>,
): AsyncIterable<StatementEntry[]> {
  let rows: StatementEntry[] = [];
  let room: number = ROWS.first;
  for await (const piece of pieces) {
    for (const entry of piece) {
      if (rows.length === room) {
        yield rows;
        rows = [];
        room = ROWS.rest;
      }
      rows.push(entry);
    }
  }
  yield rows;
}
