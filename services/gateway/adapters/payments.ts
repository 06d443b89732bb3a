import {
  BULK_FILE_REQUESTS,
  PAYMENT_REQUEST_REQUESTS,
  SCHEDULED_TRANSFER_REQUESTS,
} from '@florin/contracts';
import type { Bus } from '@florin/messaging';
import { createNeighbour, type Neighbour } from './requests.ts';

const QUESTIONS = {
  ...SCHEDULED_TRANSFER_REQUESTS,
  ...PAYMENT_REQUEST_REQUESTS,
  ...BULK_FILE_REQUESTS,
};

export type Payments = Neighbour<typeof QUESTIONS>;

export const createPayments = (bus: Bus): Payments => createNeighbour(bus, QUESTIONS);
