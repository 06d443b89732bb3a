const WAIT_MAX_MS = 1500;

/** Resolves once the browser has nothing better to do: for what pages show later. */
export const whenIdle = (): Promise<void> =>
  new Promise((resolve) => {
    // Safari does not tell when it is idle.
    if ('requestIdleCallback' in globalThis) {
      requestIdleCallback(() => resolve(), { timeout: WAIT_MAX_MS });
    } else setTimeout(resolve, WAIT_MAX_MS / 5);
  });
