import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const RUN = fileURLToPath(new URL('run.ts', import.meta.url));

/** In a process of its own, whose clock the simulation owns. */
function simulate(...options: string[]): Promise<{ code: number | null; text: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [RUN, ...options]);
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (part: Buffer) => (text += part.toString()));
    }
    child.on('close', (code) => resolve({ code, text }));
  });
}

/** Another beginning each day: what is never tried twice is found by and by. */
const today = Math.floor(Date.now() / 86_400_000);

test('hunts orders lost, repeated or decided wrongly whatever crashes or sleeps', async () => {
  const { code, text } = await simulate('--minutes', '0.3', '--seed', String(today * 1000));
  expect(text, text).toMatch(/^[1-9]\d* seeds, [1-9]\d* operations/);
  expect(code, text).toBe(0);
}, 120_000);

/** Hunts a simulation that sees nothing: each bug is found soon after where it once was. */
test.each([
  ['missing-epoch-check', '1', '2', /ledger-\d+/],
  ['lost-outbox-position', '1', '1', /overtook another|told \d+ of \d+ events/],
  ['double-capture', '1', '1', /holds|held/],
  ['double-credit', '4', '1', /the auditor says|at the end|broken invariant/],
  ['forgotten-refusal', '4', '1', /the auditor says|credited, which is not so/],
  ['forgotten-departure', '4', '6', /waits for another shard/],
  ['forgotten-capture', '4', '11', /broken invariant|were captured/],
])(
  'the planted bug %s is found',
  async (bug, shards, seed, problem) => {
    const places = ['--shards', shards, '--seed', seed, '--runs', '30', '--minutes', '1.8'];
    const { code, text } = await simulate('--bug', bug, ...places);
    expect(text).toMatch(problem);
    expect(code).toBe(1);
  },
  120_000,
);

test('the same seed is the same history', async () => {
  const [one, other] = await Promise.all([1, 2].map(() => simulate('--seed', '7', '--runs', '1')));
  expect(one?.text).toMatch(/^1 seeds/);
  expect(other?.text).toBe(one?.text);
}, 240_000);
