import { LEDGER_REQUESTS } from '@florin/contracts';
import type { Bus } from '@florin/messaging';
import { createNeighbour, type Neighbour } from './requests.ts';

export type Ledger = Neighbour<typeof LEDGER_REQUESTS>;

export const createLedger = (bus: Bus): Ledger => createNeighbour(bus, LEDGER_REQUESTS);
