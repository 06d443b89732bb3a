import type { Bus } from '@florin/messaging';
import { createAuditor } from './auditor.ts';
import { createBanking } from './banking.ts';
import { createDeadLetters } from './dead-letters.ts';
import { createLanes } from './lanes.ts';
import { createNotifications } from './notifications.ts';
import { createPayments } from './payments.ts';
import { createStatements } from './statements.ts';
import { createRewards } from './rewards.ts';

/** The services that routes ask directly, without anything of ours in between. */
export const createNeighbours = (bus: Bus) => ({
  auditor: createAuditor(bus),
  banking: createBanking(bus),
  deadLetters: createDeadLetters(bus, createLanes(bus)),
  lanes: createLanes(bus),
  notifications: createNotifications(bus),
  payments: createPayments(bus),
  rewards: createRewards(bus),
  statements: createStatements(bus),
});
