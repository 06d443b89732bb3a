import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { clearPostgres } from './postgres-cluster.ts';
import { startNats } from './nats-server.ts';
import { startPostgres } from './postgres-server.ts';
import './provided-context.ts';

/** Nothing in these databases outlives the run, so waiting for a disk proves nothing here. */
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '256MB',
};

/** One Postgres and one nats-server per run of the integration tests. Answers the tear-down. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = mkdtempSync(join(tmpdir(), 'florin-test-'));
  chmodSync(dir, 0o711);
  const dataDir = join(dir, 'postgres');
  const [postgres, nats] = await Promise.all([
    startPostgres({ dataDir, settings: SETTINGS }),
    startNats({ dir: join(dir, 'nats') }),
  ]);
  project.provide('postgresUrl', postgres.url);
  project.provide('natsUrl', nats.url);
  return async () => {
    await Promise.all([postgres.stop(), nats.stop()]);
    await clearPostgres(dataDir);
    rmSync(dir, { recursive: true, force: true });
  };
}
