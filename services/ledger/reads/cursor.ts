import { isUuid, refuse, ok, type Result } from '@florin/kernel';

/** Where a page ended: the time (microseconds) and id of its last item. */
export interface Cursor {
  atUs: number;
  id: string;
}

/** Behind everything of one moment: cursors go on with what is older than their time and id. */
export const LOWEST_ID = '00000000-0000-1000-8000-000000000000';

export const writeCursor = ({ atUs, id }: Cursor): string =>
  Buffer.from(`${atUs} ${id}`).toString('base64url');

/** Reads what `writeCursor` wrote. Anything else came from somebody who made it up. */
export function readCursor(text: string): Result<Cursor, 'malformed-cursor'> {
  const [at, id, ...rest] = Buffer.from(text, 'base64url').toString().split(' ');
  const atUs = Number(at);
  if (!Number.isSafeInteger(atUs) || id === undefined || !isUuid(id) || rest.length > 0) {
    return refuse('malformed-cursor');
  }
  return ok({ atUs, id });
}
