import { BANKING_REQUESTS, LINKING_REQUESTS, PROVIDER_REQUESTS } from '@florin/contracts';
import type { Bus } from '@florin/messaging';
import { createNeighbour, type Neighbour } from './requests.ts';

const QUESTIONS = { ...BANKING_REQUESTS, ...LINKING_REQUESTS, ...PROVIDER_REQUESTS };

export type Banking = Neighbour<typeof QUESTIONS>;

export const createBanking = (bus: Bus): Banking => createNeighbour(bus, QUESTIONS);
