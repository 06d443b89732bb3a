import { hash } from 'node:crypto';
import { timeOfUuidv7, uuidFromDigest } from '@florin/kernel';

/** As whom rewards order at the ledger. */
export const REWARDS_CLIENT = 'rewards';

const FINGERPRINT_BYTES = 16;

const derive = (from: string, near: string): string =>
  uuidFromDigest(hash('sha256', from, 'buffer'), timeOfUuidv7(near));

/** The reward of a rule for a transaction, for ever. */
export const rewardIdOf = (ruleId: string, triggerId: string): string =>
  derive(`reward\n${ruleId}\n${triggerId}`, triggerId);

/** What is taken back of a reward when so much of its payment has gone back. */
export const takeBackIdOf = (rewardId: string, reversedTotal: bigint): string =>
  derive(`take back\n${rewardId}\n${reversedTotal}`, rewardId);

/** The transaction of the n-th attempt (from 1) at it. */
export const takeBackTransactionOf = (takeBackId: string, attempt: number): string =>
  derive(`attempt\n${takeBackId}\n${attempt}`, takeBackId);

/** What the ledger recognises an order by. */
export const fingerprintOf = (order: object): string =>
  hash('sha256', JSON.stringify(order), 'buffer').toString('base64url', 0, FINGERPRINT_BYTES);
