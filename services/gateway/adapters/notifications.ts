import { MONITOR_REQUESTS, NOTIFICATION_REQUESTS } from '@florin/contracts';
import type { Bus } from '@florin/messaging';
import { createNeighbour, type Neighbour } from './requests.ts';

const QUESTIONS = { ...NOTIFICATION_REQUESTS, ...MONITOR_REQUESTS };

export type Notifications = Neighbour<typeof QUESTIONS>;

export const createNotifications = (bus: Bus): Notifications => createNeighbour(bus, QUESTIONS);
