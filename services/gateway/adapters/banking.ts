import { BANKING_REQUESTS } from '@florin/contracts';
import type { Bus } from '@florin/messaging';
import { createNeighbour, type Neighbour } from './requests.ts';

export type Banking = Neighbour<typeof BANKING_REQUESTS>;

export const createBanking = (bus: Bus): Banking => createNeighbour(bus, BANKING_REQUESTS);
