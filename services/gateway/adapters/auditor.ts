import { AUDIT_REQUESTS } from '@florin/contracts';
import type { Bus } from '@florin/messaging';
import { createNeighbour, type Neighbour } from './requests.ts';

export type Auditor = Neighbour<typeof AUDIT_REQUESTS>;

export const createAuditor = (bus: Bus): Auditor => createNeighbour(bus, AUDIT_REQUESTS);
