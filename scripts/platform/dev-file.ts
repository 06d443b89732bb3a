import { rmSync } from 'node:fs';
import type { DemoUser } from './demo-data.ts';
import type { StateFolder } from './state-folder.ts';

/** What tools and tests find in `.florin/dev.json` while Florin runs. */
export interface DevFile {
  gatewayUrl: string;
  webUrl: string;
  bankSimulatorUrl: string;
  natsUrl: string;
  postgresUrl: string;
  /** Per process: ledger, ledger-2 … */
  metrics: Record<string, string>;
  users: DemoUser[];
  oauthClient: { clientId: string; clientSecret: string };
  /** Of the processes now running, Postgres and nats-server included when they are ours. */
  pids: Record<string, number>;
}

const FILE = 'dev.json';
const RUNNING = 'processes.json';

/**
 * Collects addresses and process ids while the platform starts, and keeps the file true from the
 * moment it is published.
 */
export function createDevFile(state: StateFolder) {
  const pids: Record<string, number> = {};
  const metrics: Record<string, string> = {};
  const urls: Record<string, string> = {};
  let facts: Omit<DevFile, 'pids' | 'metrics'> | undefined;

  const current = (): DevFile | undefined => facts && { ...facts, metrics, pids };
  const save = (): void => {
    state.write(RUNNING, pids);
    if (facts) state.write(FILE, current());
  };
  return {
    current,
    urls,
    pidOf: (name: string): number | undefined => pids[name],
    setPid(name: string, pid: number | undefined): void {
      if (pid === undefined) delete pids[name];
      else pids[name] = pid;
      save();
    },
    setReady(name: string, fields: Record<string, unknown>): void {
      if (typeof fields['url'] === 'string') urls[name] = fields['url'];
      if (typeof fields['metricsUrl'] === 'string') metrics[name] = fields['metricsUrl'];
      save();
    },
    publish(content: Omit<DevFile, 'pids' | 'metrics'>): void {
      facts = content;
      save();
    },
    /** Nobody shall find the addresses of what no longer runs. */
    withdraw(): void {
      facts = undefined;
      for (const name of [FILE, RUNNING]) rmSync(state.file(name), { force: true });
    },
  };
}

export type LiveDevFile = ReturnType<typeof createDevFile>;

/** The processes that a run which was killed had last. */
export const lastProcesses = (state: StateFolder): Record<string, number> =>
  state.read<Record<string, number>>(RUNNING) ?? {};
