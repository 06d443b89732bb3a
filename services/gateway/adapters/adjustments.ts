import { ADJUSTMENT_REQUESTS } from '@florin/contracts';
import type { Bus } from '@florin/messaging';
import { createNeighbour, type Neighbour } from './requests.ts';

/** The ledger, asked about adjustments. */
export type Adjustments = Neighbour<typeof ADJUSTMENT_REQUESTS>;

export const createAdjustments = (bus: Bus): Adjustments =>
  createNeighbour(bus, ADJUSTMENT_REQUESTS);
