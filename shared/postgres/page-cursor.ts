/** Where a page ends: the time and the id of its last item, as a client carries it to the next. */
export interface PagePosition {
  at: Date;
  id: string;
}

const CURSOR = /^([0-9]{1,15})~([0-9a-f-]{36})$/;

/** Undefined for the first page, and for what is no cursor of ours. */
export function readCursor(cursor: string | undefined): PagePosition | undefined {
  const text = Buffer.from(cursor ?? '', 'base64url').toString();
  const [, ms, id] = CURSOR.exec(text) ?? [];
  return ms === undefined || id === undefined ? undefined : { at: new Date(Number(ms)), id };
}

/** One page of rows that were asked for one more than it takes. */
export function pageOfRows<Row extends { id: string; createdAt: Date }, View>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => View,
): { items: View[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  const nextCursor = last && Buffer.from(`${last.createdAt.getTime()}~${last.id}`);
  return { items: shown.map(view), nextCursor: nextCursor?.toString('base64url') ?? null };
}
