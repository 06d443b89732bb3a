import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from '@florin/postgres';
import { eventually, startPostgres } from '@florin/testing';
import { copyFolder, ownedFolder, takeBaseBackup, writeOwned } from './base-backup.ts';
import { rehearse, type Rehearsed, type Stage } from './rehearsal.ts';

const ARCHIVE_EVERY_SECONDS = 2;
/** Restored to this long before the server was lost. */
const BACK_SECONDS = 5;

/** As Postgres reads it before it knows any name of a time zone. */
const isoWithOffset = (ms: number): string =>
  new Date(ms).toISOString().replace('T', ' ').replace('Z', '+00');

const clusterOf = ({ dir }: { dir: string }): string => join(dir, 'postgres', 'cluster');
const archiveOf = ({ dir }: { dir: string }): string => join(dir, 'archive');

/**
 * The disk is lost; base backup and archived WAL bring the books back as they were five seconds
 * before. Orders of those seconds are still in their lanes: the ledger decides them again.
 */
export const restorePostgres = (say: (line: string) => void): Promise<Rehearsed> =>
  rehearse(
    'Postgres is lost and restored to a chosen second',
    say,
    async (stage) => {
      const { dir, postgres, paid } = stage;
      const backup = join(dir, 'backup');
      await takeBaseBackup(postgres.url, clusterOf(stage), backup);
      await paid(200);
      const before = await countTransactions(stage);
      // What was archived by then is what is left.
      await sleep(ARCHIVE_EVERY_SECONDS * 2_000);
      const struckMs = performance.now();
      const chosen = isoWithOffset(Date.now() - BACK_SECONDS * 1000);
      const atLoss = await countTransactions(stage);
      await postgres.kill9();
      rmSync(clusterOf(stage), { recursive: true, force: true });
      copyFolder(backup, clusterOf(stage));
      writeOwned(clusterOf(stage), 'recovery.signal', '');
      const settings = [
        `restore_command = 'cp ${archiveOf(stage)}/%f %p'`,
        `recovery_target_time = '${chosen}'`,
        "recovery_target_action = 'promote'",
      ];
      writeOwned(clusterOf(stage), 'postgresql.auto.conf', `${settings.join('\n')}\n`);
      await postgres.restart();
      await isWritable(postgres.url);
      const restoreMs = Math.round(performance.now() - struckMs);
      const restored = await countTransactions(stage);
      const facts = { chosen, restoreMs, transactions: { before, atLoss, restored } };
      return { struckMs, facts };
    },
    {
      postgresSettings: (dir) => ({
        wal_level: 'replica',
        archive_mode: 'on',
        archive_command: `cp %p ${archiveOf({ dir })}/%f`,
        archive_timeout: String(ARCHIVE_EVERY_SECONDS),
      }),
      prepare: ({ dir }) => void ownedFolder(archiveOf({ dir }), clusterOf({ dir })),
    },
  );

async function countTransactions({ load }: Stage): Promise<number> {
  return eventually(
    async () => {
      const { rows } = await load.pool.query<{ n: number }>(
        'SELECT count(*)::int AS n FROM transactions',
      );
      return rows[0]?.n ?? false;
    },
    { timeoutMs: 60_000 },
  );
}

const isWritable = (url: string): Promise<unknown> =>
  eventually(
    () =>
      withClient(url, async (client) => {
        const { rows } = await client.query<{ r: boolean }>('SELECT pg_is_in_recovery() AS r');
        return rows[0]?.r === false;
      }).catch(() => false),
    { timeoutMs: 120_000, everyMs: 100 },
  );

/** The server dies under load; a synchronous standby takes over at the same address. */
export const failOverPostgres = (say: (line: string) => void): Promise<Rehearsed> =>
  rehearse(
    'Postgres dies, its synchronous standby takes over',
    say,
    async (stage) => {
      const { dir, postgres, paid, proxy } = stage;
      const standbyDir = join(dir, 'standby');
      mkdirSync(standbyDir, { mode: 0o711 });
      chmodSync(standbyDir, 0o711);
      await takeBaseBackup(postgres.url, clusterOf(stage), join(standbyDir, 'cluster'));
      const data = join(standbyDir, 'cluster');
      writeOwned(data, 'standby.signal', '');
      writeOwned(data, 'postgresql.auto.conf', `primary_conninfo = '${conninfo(postgres.url)}'\n`);
      takeIdentity(join(dir, 'postgres', 'server.json'), join(standbyDir, 'server.json'));
      const standby = await startPostgres({ dataDir: standbyDir });
      stage.keep(standby);
      await makeSynchronous(postgres.url);
      await paid(150);
      const struckMs = performance.now();
      await postgres.kill9();
      await withClient(standby.url, (client) => client.query('SELECT pg_promote(true, 60)'));
      proxy?.switchTo(standby.port);
      const promotedMs = Math.round(performance.now() - struckMs);
      return { struckMs, facts: { promotedMs } };
    },
    { postgresSettings: () => ({ wal_level: 'replica', max_wal_senders: '4' }), proxied: true },
  );

const conninfo = (url: string): string => {
  const { hostname, port, username, password } = new URL(url);
  return `host=${hostname} port=${port} user=${username} password=${password}`;
};

/** The same password on another port. */
function takeIdentity(from: string, to: string): void {
  const {
    port: _,
    home: __,
    ...rest
  } = JSON.parse(readFileSync(from, 'utf8')) as {
    port: number;
    home: string;
  };
  writeFileSync(to, JSON.stringify(rest), { mode: 0o600 });
}

async function makeSynchronous(url: string): Promise<void> {
  await withClient(url, async (client) => {
    await client.query("ALTER SYSTEM SET synchronous_standby_names = '*'");
    await client.query('SELECT pg_reload_conf()');
    await eventually(
      async () => {
        const { rows } = await client.query<{ s: string }>(
          'SELECT sync_state AS s FROM pg_stat_replication',
        );
        return rows[0]?.s === 'sync';
      },
      { timeoutMs: 60_000, everyMs: 100 },
    );
  });
}
