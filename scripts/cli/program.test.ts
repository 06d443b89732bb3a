import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createProgram } from './program.ts';

interface Heard {
  request: string;
  authorization: string | undefined;
  body: string;
}

const ID = '0192f0c1-7a4b-7cc3-98c4-dc0c0c07398f';

/** A platform that answers what the test wants, and remembers what it was asked. */
const heard: Heard[] = [];
const answers: Record<string, [status: number, body: unknown]> = {};
let server: Server;
let url: string;
let dir: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const name = `${request.method} ${request.url}`;
      const { authorization } = request.headers;
      heard.push({ request: name, authorization, body: Buffer.concat(chunks).toString() });
      const [status, body] = answers[name] ?? [404, { code: 'not-found', detail: 'nothing' }];
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'florin-cli-'));
  heard.length = 0;
  process.exitCode = undefined;
});
afterEach(() => {
  rmSync(dir, { recursive: true });
  process.exitCode = undefined;
});

/** A local run, as npm start writes it down. */
function runsLocally(): void {
  const operator = { email: 'o@florin.dev', password: 'secret', roles: ['operator'] };
  writeFileSync(
    join(dir, 'dev.json'),
    JSON.stringify({ gatewayUrl: url, users: [operator], metrics: {}, pids: {} }),
  );
  answers['POST /v1/auth/login'] = [200, { accessToken: 'of-the-operator' }];
}

async function florin(...args: string[]): Promise<string> {
  const printed: string[] = [];
  const program = createProgram((text) => printed.push(text));
  await program.parseAsync(['--dir', dir, ...args], { from: 'user' });
  return printed.join('\n');
}

const flag = { key: 'fraud-scoring', variant: 'off', variants: ['enforce', 'off'] };

describe('hunts commands that ask for something else than they say', () => {
  test.each<[string[], string, string]>([
    [
      ['flags', 'set', 'fraud-scoring', 'off'],
      'PUT /v1/admin/flags/fraud-scoring',
      '{"variant":"off"}',
    ],
    [['reviews', 'approve', ID], `POST /v1/admin/reviews/${ID}/approve`, '{}'],
    [
      ['reviews', 'decline', ID, '--note', 'no'],
      `POST /v1/admin/reviews/${ID}/decline`,
      '{"note":"no"}',
    ],
    [['statements', 'fetch', '--bank', 'ok'], 'POST /v1/admin/statements/fetch', '{"bank":"ok"}'],
    [
      ['breaks', 'propose', ID, '--action', 'explain', '--note', 'known'],
      `POST /v1/admin/breaks/${ID}/propose`,
      '{"action":"explain","note":"known"}',
    ],
    [['breaks', 'approve', ID], `POST /v1/admin/breaks/${ID}/approve`, '{}'],
  ])('%j', async (args, request, body) => {
    answers[request] = [200, { ...flag, id: ID, items: [], failures: [] }];
    await florin('--url', url, '--token', 'mine', ...args);
    expect(heard).toEqual([{ request, authorization: 'Bearer mine', body }]);
  });

  test('without a url the local run is asked, as its operator', async () => {
    runsLocally();
    answers['GET /v1/admin/flags'] = [200, { items: [flag] }];
    expect(await florin('flags', 'list')).toContain('fraud-scoring   off       enforce | off');
    expect(heard.at(-1)?.authorization).toBe('Bearer of-the-operator');
  });

  test('for programs everything that was answered is printed as JSON', async () => {
    answers['GET /v1/admin/breakers'] = [200, { items: [{ bank: 'ok', state: 'closed' }] }];
    const printed = await florin('--json', '--url', url, '--token', 'mine', 'breakers');
    expect(JSON.parse(printed)).toEqual({ items: [{ bank: 'ok', state: 'closed' }] });
  });
});

describe('hunts secrets that are told to somebody else’s platform', () => {
  test('the local operator’s password goes to the local run only', async () => {
    runsLocally();
    const elsewhere = url.replace('127.0.0.1', 'localhost');
    await expect(florin('--url', elsewhere, 'breakers')).rejects.toThrow('--token');
    expect(heard).toEqual([]);
  });
});

describe('hunts failures that look like success', () => {
  test('what the API refuses is told in its words', async () => {
    const errors = [{ pointer: '/variant', detail: 'is none' }];
    const problem = { code: 'validation-failed', detail: 'the body has mistakes', errors };
    answers['PUT /v1/admin/flags/fraud-scoring'] = [400, problem];
    const setting = florin('--url', url, '--token', 'mine', 'flags', 'set', 'fraud-scoring', 'x');
    await expect(setting).rejects.toThrow(
      'answered 400: validation-failed: the body has mistakes: /variant is none',
    );
  });

  test('broken books end with 1', async () => {
    const breaks = [{ invariant: 'I2', detail: 'wallet w' }];
    answers['GET /v1/admin/reconciliation'] = [200, { ok: false, checkedAt: '', breaks }];
    const printed = await florin('--url', url, '--token', 'mine', 'ledger', 'verify');
    expect(printed).toContain('wallet w');
    expect(process.exitCode).toBe(1);
  });

  test('a bank that tells nothing ends with 1, and a file arrives as it is', async () => {
    const failures = [{ bank: 'slow', detail: 'gave no answer' }];
    answers['POST /v1/admin/statements/fetch'] = [200, { items: [], failures }];
    const where = ['--url', url, '--token', 'mine', 'statements'];
    expect(await florin(...where, 'fetch')).toContain('gave no answer');
    expect(process.exitCode).toBe(1);
    const file = join(dir, 'statement.csv');
    writeFileSync(file, 'record,bank\n');
    answers['POST /v1/admin/statements'] = [200, { items: [] }];
    await florin(...where, 'upload', file);
    expect(heard.at(-1)?.body).toContain('filename="statement.csv"');
    expect(heard.at(-1)?.body).toContain('record,bank\n');
  });

  test('nothing runs: it says what to do', async () => {
    await expect(florin('status')).rejects.toThrow('npm start');
  });
});
