import { STATEMENT_REQUESTS } from '@florin/contracts';
import type { Bus } from '@florin/messaging';
import { createNeighbour, type Neighbour } from './requests.ts';

/** Banking, asked about statements of banks and what differs from them. */
export type Statements = Neighbour<typeof STATEMENT_REQUESTS>;

export const createStatements = (bus: Bus): Statements => createNeighbour(bus, STATEMENT_REQUESTS);
