import { KYC_REQUESTS } from '@florin/contracts';
import type { Bus } from '@florin/messaging';
import { createNeighbour, type Neighbour } from './requests.ts';

/** Identity, as far as documents of people are concerned. */
export type Kyc = Neighbour<typeof KYC_REQUESTS>;

export const createKyc = (bus: Bus): Kyc => createNeighbour(bus, KYC_REQUESTS);
