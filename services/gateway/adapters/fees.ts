import { FEE_REQUESTS } from '@florin/contracts';
import type { Bus } from '@florin/messaging';
import { createNeighbour, type Neighbour } from './requests.ts';

/** The ledger, asked about fees. */
export type Fees = Neighbour<typeof FEE_REQUESTS>;

export const createFees = (bus: Bus): Fees => createNeighbour(bus, FEE_REQUESTS);
