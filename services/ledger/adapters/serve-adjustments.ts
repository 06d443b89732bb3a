import { ADJUSTMENT_REQUESTS } from '@florin/contracts';
import { serve, type Bus, type Served } from '@florin/messaging';
import type pg from 'pg';
import { createAdjustmentReads } from '../reads/adjustments.ts';
import { asking } from './asking.ts';

/** Answers what may be asked about adjustments. */
export function serveAdjustments(bus: Bus, pool: pg.Pool, nowUs: () => number): Served[] {
  const reads = createAdjustmentReads(pool, nowUs);
  return [
    serve(bus, ADJUSTMENT_REQUESTS.getAdjustment, asking(reads.getAdjustment)),
    serve(bus, ADJUSTMENT_REQUESTS.listAdjustments, asking(reads.listAdjustments)),
  ];
}
