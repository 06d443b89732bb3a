import { NOTIFICATION_REQUESTS } from '@florin/contracts';
import type { Bus } from '@florin/messaging';
import { createNeighbour, type Neighbour } from './requests.ts';

export type Notifications = Neighbour<typeof NOTIFICATION_REQUESTS>;

export const createNotifications = (bus: Bus): Notifications =>
  createNeighbour(bus, NOTIFICATION_REQUESTS);
