/** A bucket of tries: each takes one, and they come back with time. */
export interface BucketPlan {
  capacity: number;
  /** Time after which one try has come back. */
  refillMs: number;
}

/**
 * Guessing one account from one network: twenty at once, then one in ten seconds. A person who
 * mistypes never meets it; a right password gives its try back.
 */
export const FROM_NETWORK: BucketPlan = { capacity: 20, refillMs: 10_000 };

/**
 * Guessing one account from many networks: only devices that the account does not know draw from
 * it. So nobody locks the owner out: a device that signed in before goes by without a look.
 */
export const FROM_STRANGERS: BucketPlan = { capacity: 50, refillMs: 120_000 };

/** Trying many accounts from one network. Offices and mobile networks share addresses. */
export const BY_NETWORK: BucketPlan = { capacity: 200, refillMs: 3_000 };

/** Letters that strangers can make us write: enough for people, too few to bury somebody in. */
export const LETTERS_ASKED_FOR: BucketPlan = { capacity: 5, refillMs: 600_000 };
