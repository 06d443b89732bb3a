import { REWARD_REQUESTS } from '@florin/contracts';
import type { Bus } from '@florin/messaging';
import { createNeighbour, type Neighbour } from './requests.ts';

export type Rewards = Neighbour<typeof REWARD_REQUESTS>;

export const createRewards = (bus: Bus): Rewards => createNeighbour(bus, REWARD_REQUESTS);
