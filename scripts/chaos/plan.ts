import type { Proxy } from './toxiproxy.ts';

export type Link = 'nats' | 'postgres' | 'bank';

/** Something that goes wrong with a connection for a while. */
export interface Trouble {
  name: string;
  link: Link;
  cause(proxy: Proxy): Promise<void>;
  /** Seconds, unless the run is shorter. */
  seconds: number;
}

/** In this order, with a pause after each. */
export const TROUBLES: Trouble[] = [
  { name: 'Postgres 50 ms away', link: 'postgres', seconds: 10, cause: (p) => p.latency(50) },
  { name: 'NATS 50 ms away', link: 'nats', seconds: 10, cause: (p) => p.latency(50) },
  { name: 'the bank 2 s away', link: 'bank', seconds: 10, cause: (p) => p.latency(2000) },
  { name: 'Postgres cut off', link: 'postgres', seconds: 5, cause: (p) => p.cut() },
  { name: 'NATS cut off', link: 'nats', seconds: 5, cause: (p) => p.cut() },
  { name: 'the bank cut off', link: 'bank', seconds: 10, cause: (p) => p.cut() },
  {
    name: 'Postgres resets its connections',
    link: 'postgres',
    seconds: 3,
    cause: (p) => p.reset(500),
  },
  { name: 'NATS resets its connections', link: 'nats', seconds: 3, cause: (p) => p.reset(500) },
  {
    name: 'Postgres closes slowly',
    link: 'postgres',
    seconds: 10,
    cause: (p) => p.slowClose(3000),
  },
  { name: 'NATS closes slowly', link: 'nats', seconds: 10, cause: (p) => p.slowClose(3000) },
  { name: 'the bank closes slowly', link: 'bank', seconds: 10, cause: (p) => p.slowClose(3000) },
  { name: 'packets to NATS are lost', link: 'nats', seconds: 8, cause: (p) => p.blackHole() },
  {
    name: 'packets to Postgres are lost',
    link: 'postgres',
    seconds: 8,
    cause: (p) => p.blackHole(),
  },
];

export const PAUSE_SECONDS = 5;

/** How long all of it takes. */
export const planSeconds = (troubles: Trouble[]): number =>
  troubles.reduce((sum, { seconds }) => sum + seconds + PAUSE_SECONDS, PAUSE_SECONDS);
