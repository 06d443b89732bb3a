/** Ways to behave that the bank simulator knows, each the name of a bank of its own. */
export const SIMULATED_BANKS = [
  'ok',
  'slow',
  'declined',
  'timeout',
  'flaky',
  'down',
  'unknown-then-ok',
  'unknown-then-declined',
] as const;

/** The server of this page says so, where it has the simulator's controls. */
export const banksAreSimulated = (): boolean =>
  document.querySelector<HTMLMetaElement>('meta[name="florin-banks"]')?.content === 'simulated';
