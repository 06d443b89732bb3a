/** Connections idle longer than this are closed: later than any usual load balancer closes them. */
export const SERVER_LIMITS = {
  keepAliveTimeout: 75_000,
  headersTimeout: 15_000,
  // A file of payments takes its time; all other bodies have a limit of their own.
  requestTimeout: 1_800_000,
  maxHeaderSize: 16_384,
};
