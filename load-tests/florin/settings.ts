// k6 has no `process`: what a run is told comes by `-e NAME=value`, and is read here alone.

const needed = (name: string): string => {
  const value = __ENV[name];
  if (value === undefined || value === '') throw new Error(`${name} is missing: npm run load`);
  return value;
};

const numberFrom = (name: string, otherwise: number): number => Number(__ENV[name] ?? otherwise);

export const settings = {
  url: needed('FLORIN_URL').replace(/\/$/, ''),
  clientId: needed('CLIENT_ID'),
  clientSecret: needed('CLIENT_SECRET'),
  scenario: __ENV['SCENARIO'] ?? 'load',
  /** Multiplies every rate: a laptop is no data centre. */
  scale: numberFrom('SCALE', 1),
  seconds: numberFrom('SECONDS', 30),
  wallets: numberFrom('WALLETS', 200),
  /** enforce, shadow or off while the test runs; empty leaves it. */
  fraud: __ENV['FRAUD'] ?? '',
  /** Where the summary is written, without its ending. */
  report: __ENV['REPORT'] ?? '',
};

export const perSecond = (rate: number): number => Math.max(1, Math.round(rate * settings.scale));
export const duration = `${settings.seconds}s`;
