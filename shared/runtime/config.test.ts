import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  choice,
  ConfigurationError,
  duration,
  flag,
  integer,
  json,
  printableConfig,
  readConfig,
  secret,
  text,
  url,
  urls,
} from './mod.ts';

const describeIt = { describe: 'of the test' };

function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

describe('readConfig reads each kind of setting, or says exactly what is wrong with it', () => {
  test.each([
    ['text', text('X', describeIt), 'a b', 'a b'],
    ['integer', integer('X', describeIt), '16', 16],
    ['integer below zero', integer('X', { ...describeIt, min: -5 }), '-5', -5],
    ['duration in ms', duration('X', describeIt), '250', 250],
    ['duration 250ms', duration('X', describeIt), '250ms', 250],
    ['duration 10s', duration('X', describeIt), '10s', 10_000],
    ['duration 5m', duration('X', describeIt), '5m', 300_000],
    ['duration 1h', duration('X', describeIt), '1h', 3_600_000],
    ['flag on', flag('X', describeIt), '1', true],
    ['flag off', flag('X', describeIt), 'false', false],
    ['choice', choice('X', ['a', 'b'], describeIt), 'b', 'b'],
    ['url', url('X', describeIt), 'nats://127.0.0.1:4222', 'nats://127.0.0.1:4222'],
    ['urls', urls('X', describeIt), 'nats://a:1, nats://b:2', 'nats://a:1, nats://b:2'],
    ['json', json('X', z.array(z.int()), describeIt), '[1,2]', [1, 2]],
  ])('%s', (_kind, field, raw, value) => {
    expect(readConfig({ x: field }, { X: raw })).toEqual({ x: value });
  });

  test.each([
    ['integer with a point', integer('X', describeIt), '1.5'],
    ['integer with an exponent', integer('X', describeIt), '1e3'],
    ['integer below its minimum', integer('X', describeIt), '-1'],
    ['integer above its maximum', integer('X', { ...describeIt, max: 3 }), '4'],
    ['integer beyond what a double holds', integer('X', describeIt), '9007199254740993'],
    ['duration of days', duration('X', describeIt), '1d'],
    ['flag in other words', flag('X', describeIt), 'yes'],
    ['choice outside', choice('X', ['a', 'b'], describeIt), 'c'],
    ['relative url', url('X', describeIt), '/x'],
    ['a list with a host alone', urls('X', describeIt), 'nats://a:1,b'],
    ['broken json', json('X', z.unknown(), describeIt), '{'],
    ['json of another shape', json('X', z.array(z.int()), describeIt), '["a"]'],
    ['empty, which counts as missing', text('X', describeIt), ''],
  ])('refuses: %s', (_kind, field, raw) => {
    const problems = problemsOf(() => readConfig({ x: field }, { X: raw }));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^X: .*of the test/);
  });

  test('a default fills what is missing, and an optional setting may stay absent', () => {
    const fields = {
      port: integer('PORT', { ...describeIt, default: 80 }),
      peer: url('PEER', { ...describeIt, optional: true }),
    };
    expect(readConfig(fields, {})).toEqual({ port: 80, peer: undefined });
  });

  test('all problems come together, so that one restart repairs them', () => {
    const fields = {
      a: text('A', describeIt),
      b: integer('B', describeIt),
      c: flag('C', { ...describeIt, default: false }),
    };
    const problems = problemsOf(() => readConfig(fields, { B: 'x', C: 'maybe' }));
    expect(problems.map((line) => line.slice(0, 2))).toEqual(['A:', 'B:', 'C:']);
  });
});

describe('a secret never shows', () => {
  const folder = mkdtempSync(join(tmpdir(), 'florin-config-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const key = join(folder, 'key');
  writeFileSync(key, 'from the file\n');

  test('it may come from the file that NAME_FILE names, without the newline at its end', () => {
    expect(readConfig({ key: secret('KEY', describeIt) }, { KEY_FILE: key })).toEqual({
      key: 'from the file',
    });
  });

  test.each([
    ['both ways at once', { KEY: 'direct', KEY_FILE: key }],
    ['a file that is not there', { KEY_FILE: join(folder, 'absent') }],
  ])('refuses %s', (_case, env) => {
    expect(problemsOf(() => readConfig({ key: secret('KEY', describeIt) }, env))).toHaveLength(1);
  });

  test('printing keeps what is public and hides secrets, secret JSON and passwords in URLs', () => {
    const config = readConfig(
      {
        name: text('NAME', describeIt),
        key: secret('KEY', describeIt),
        keys: json('KEYS', z.record(z.string(), z.string()), { ...describeIt, secret: true }),
        db: url('DB', describeIt),
        peers: urls('PEERS', describeIt),
        absent: url('ABSENT', { ...describeIt, optional: true }),
      },
      {
        NAME: 'n',
        KEY: 'hush',
        KEYS: '{"a":"hush"}',
        DB: 'postgres://me:hush@127.0.0.1/db',
        PEERS: 'nats://me:hush@a:1,nats://b:2',
      },
    );
    expect(printableConfig(config)).toEqual({
      name: 'n',
      key: '[redacted]',
      keys: '[redacted]',
      db: 'postgres://me:redacted@127.0.0.1/db',
      peers: 'nats://me:redacted@a:1,nats://b:2',
      absent: undefined,
    });
  });

  test('a problem with a secret does not quote it', () => {
    const field = json('KEYS', z.record(z.string(), z.int()), { ...describeIt, secret: true });
    const problems = ['{"a":"hush"}', 'hush'].flatMap((raw) =>
      problemsOf(() => readConfig({ keys: field }, { KEYS: raw })),
    );
    expect(problems).toHaveLength(2);
    expect(problems.join()).not.toContain('hush');
  });
});
