import { mkdtempSync, chmodSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withClient } from '@florin/postgres';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import {
  clearPostgres,
  eventually,
  freshNats,
  isAlive,
  startPostgres,
  type NatsServer,
  type PostgresServer,
} from '../mod.ts';

const query = (url: string, text: string): Promise<unknown[]> =>
  withClient(url, async (client) => (await client.query({ text, rowMode: 'array' })).rows.flat());

describe('a Postgres that is killed loses nothing that it acknowledged', () => {
  const dir = mkdtempSync(join(tmpdir(), 'florin-test-'));
  let server: PostgresServer;
  beforeAll(async () => {
    chmodSync(dir, 0o711);
    server = await startPostgres({
      dataDir: join(dir, 'postgres'),
      settings: { shared_buffers: '64MB' },
    });
  });
  afterAll(async () => {
    await server.stop();
    await clearPostgres(join(dir, 'postgres'));
    rmSync(dir, { recursive: true });
  });

  test('it is durable, local and asks for its password', async () => {
    const settings = `SELECT current_setting('fsync'), current_setting('synchronous_commit'),
      current_setting('listen_addresses'), current_setting('server_version_num')::int >= 180000`;
    expect(await query(server.url, settings)).toEqual(['on', 'on', '127.0.0.1', true]);
    const stranger = new URL(server.url);
    stranger.password = 'guess';
    await expect(query(stranger.href, 'SELECT 1')).rejects.toThrow('password authentication');
  });

  test('kill -9 with sessions open: the next start has the rows and the same address', async () => {
    await query(server.url, 'CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n');
    const session = new pg.Client({ connectionString: server.url });
    const lost = new Promise((resolve) => session.on('error', resolve));
    await session.connect();
    const [before, { url }] = [server.pid, server];
    await server.kill9();
    await lost;
    expect(isAlive(before)).toBe(false);
    await server.restart();
    expect(server.url).toBe(url);
    expect(server.pid).not.toBe(before);
    expect(await query(url, 'SELECT count(*)::int FROM kept')).toEqual([1000]);
  });

  test('a paused server holds its answer back until it is resumed', async () => {
    const session = new pg.Client({ connectionString: server.url });
    await session.connect();
    server.pause();
    let answered = false;
    const answer = session.query('SELECT 1').then(() => (answered = true));
    const newcomer = new pg.Client({
      connectionString: server.url,
      connectionTimeoutMillis: 300,
    });
    await expect(newcomer.connect()).rejects.toThrow('timeout');
    expect(answered).toBe(false);
    server.resume();
    await answer;
    await session.end();
  });
});

describe('a nats-server comes back where it was', () => {
  let server: NatsServer;
  beforeAll(async () => {
    server = await freshNats();
  });
  afterAll(async () => server.stop());

  test('after kill -9 it is another process on the same address', async () => {
    const [before, { url }] = [server.pid, server];
    await server.kill9();
    expect(isAlive(before)).toBe(false);
    await server.restart();
    expect(server.url).toBe(url);
    expect(server.pid).not.toBe(before);
  });

  test('it is not the server that the whole run shares', () => {
    expect(server.url).not.toBe(inject('natsUrl'));
  });
});

describe('eventually says what it waited for', () => {
  test('the last failure is in the message', async () => {
    const check = (): void => expect(1).toBe(2);
    await expect(eventually(check, { timeoutMs: 50 })).rejects.toThrow(/not within 50 ms.*1/s);
  });

  test('false is not yet', async () => {
    let looks = 0;
    expect(await eventually(() => ++looks === 3 && 'third')).toBe('third');
  });
});
