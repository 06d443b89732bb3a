import { sql } from 'slonik';
import type { PagePosition } from './page-cursor.ts';

/** Where a page begins, to be compared with (created_at, id): without a position, at the newest. */
export const placeOf = (before: PagePosition | undefined) =>
  before === undefined
    ? sql.fragment`('infinity'::timestamptz, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)`
    : sql.fragment`(${sql.timestamp(before.at)}, ${before.id}::uuid)`;
