/**
 * Requests a minute on one machine that plays all of the world: everybody who signs in comes from
 * one address, and programs ask as fast as no person does. Installations have the gateway's own.
 */
export const LOCAL_RATE_LIMITS = JSON.stringify({
  anonymous: 300,
  user: 1200,
  premium: 3000,
  machine: 6000,
  wallet: 1200,
});

/** Where load is made on purpose. */
export const NO_RATE_LIMITS = JSON.stringify({
  anonymous: null,
  user: null,
  premium: null,
  machine: null,
  wallet: null,
});
