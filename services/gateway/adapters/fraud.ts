import { FRAUD_REQUESTS } from '@florin/contracts';
import type { Bus } from '@florin/messaging';
import { createNeighbour, type Neighbour } from './requests.ts';

export type Fraud = Neighbour<typeof FRAUD_REQUESTS>;

export const createFraud = (bus: Bus): Fraud => createNeighbour(bus, FRAUD_REQUESTS);
