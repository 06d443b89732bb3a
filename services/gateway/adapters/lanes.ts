import { LANE_REQUESTS } from '@florin/contracts';
import type { Bus } from '@florin/messaging';
import { createNeighbour, type Neighbour } from './requests.ts';

/** The ledger, asked about its lanes. */
export type Lanes = Neighbour<typeof LANE_REQUESTS>;

export const createLanes = (bus: Bus): Lanes => createNeighbour(bus, LANE_REQUESTS);
