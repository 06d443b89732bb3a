import { IDENTITY_REQUESTS } from '@florin/contracts';
import type { Bus } from '@florin/messaging';
import { createNeighbour, type Neighbour } from './requests.ts';

export type Identity = Neighbour<typeof IDENTITY_REQUESTS>;

export const createIdentity = (bus: Bus): Identity => createNeighbour(bus, IDENTITY_REQUESTS);
