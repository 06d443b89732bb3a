/**
 * Requests a minute on one machine that plays all of the world: everybody who signs in comes from
 * one address, and programs ask as fast as no person does. Installations have the gateway's own.
 */
export const LOCAL_RATE_LIMITS = JSON.stringify({
  anonymous: 600,
  user: 6000,
  premium: 6000,
  machine: 6000,
  wallet: 6000,
});

/** Where load is made on purpose. */
export const NO_RATE_LIMITS = JSON.stringify({
  anonymous: null,
  user: null,
  premium: null,
  machine: null,
  wallet: null,
});
