import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { downloadNatsServer, type NatsRelease } from '../nats-release.ts';

describe('only the archive whose checksum is pinned is ever unpacked', () => {
  const folder = mkdtempSync(join(tmpdir(), 'florin-release-'));
  const target = join(folder, 'cache', 'nats-server');
  const name = 'nats-server-v9.9.9-linux-amd64';
  let server: Server;
  let release: NatsRelease;

  beforeAll(async () => {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'nats-server'), 'the server');
    spawnSync('tar', ['-czf', 'archive', name], { cwd: folder });
    const archive = readFileSync(join(folder, 'archive'));
    server = createServer((request, response) => {
      response.statusCode = request.url === `/${name}.tar.gz` ? 200 : 404;
      response.end(archive);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const sha256 = createHash('sha256').update(archive).digest('hex');
    release = {
      version: 'v9.9.9',
      base: `http://127.0.0.1:${port}`,
      sha256: { 'linux-x64': sha256, 'linux-arm64': sha256 },
    };
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  test('another archive is refused loudly and leaves nothing behind', async () => {
    const pins = { 'linux-x64': '0'.repeat(64) };
    const forged = downloadNatsServer(target, { ...release, sha256: pins }, 'linux-x64');
    await expect(forged).rejects.toThrow('SHA-256');
    expect(existsSync(target)).toBe(false);
  });

  test('the pinned one is put in its place', async () => {
    expect(await downloadNatsServer(target, release, 'linux-x64')).toBe(target);
    expect(readFileSync(target, 'utf8')).toBe('the server');
  });

  test.each([
    ['a platform without a checksum', 'sunos-x64'],
    ['an archive that is not there', 'linux-arm64'],
  ])('%s is left to the next way of finding a server', async (_case, platform) => {
    expect(await downloadNatsServer(target, release, platform)).toBeUndefined();
  });

  test('so is a network that answers nothing', async () => {
    const away = { ...release, base: 'http://127.0.0.1:9' };
    expect(await downloadNatsServer(target, away, 'linux-x64')).toBeUndefined();
  });
});
