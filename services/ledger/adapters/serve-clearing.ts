import { CLEARING_REQUESTS } from '@florin/contracts';
import { serve, type Bus, type Served } from '@florin/messaging';
import type pg from 'pg';
import { createClearingReads } from '../reads/clearing.ts';
import { asking } from './asking.ts';

/** Answers what banking asks to compare the books with those of the banks. */
export function serveClearing(bus: Bus, pool: pg.Pool, nowUs: () => number): Served[] {
  const reads = createClearingReads(pool, nowUs);
  return [
    serve(bus, CLEARING_REQUESTS.listClearingAccounts, asking(reads.listClearingAccounts)),
    serve(bus, CLEARING_REQUESTS.readClearingEntries, asking(reads.readClearingEntries)),
  ];
}
