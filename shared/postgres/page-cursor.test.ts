import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { pageOfRows, readCursor } from './page-cursor.ts';

const rows = (count: number) =>
  Array.from({ length: count }, (_, nth) => ({
    id: randomUUID(),
    createdAt: new Date(1_700_000_000_000 - nth),
  }));

describe('pages: hunts items that are lost or shown twice between two pages', () => {
  it('ends at the last item it shows, and says so', () => {
    const all = rows(3);
    const page = pageOfRows(all, 2, ({ id }) => id);
    expect(page.items).toEqual(all.slice(0, 2).map(({ id }) => id));
    expect(readCursor(page.nextCursor ?? '')).toEqual({ at: all[1]?.createdAt, id: all[1]?.id });
  });

  it('has no next page when all was shown', () => {
    expect(pageOfRows(rows(2), 2, ({ id }) => id).nextCursor).toBeNull();
  });

  it.each([undefined, '', 'x', Buffer.from('1~2').toString('base64url')])(
    'takes %j for the first page',
    (cursor) => {
      expect(readCursor(cursor)).toBeUndefined();
    },
  );
});
