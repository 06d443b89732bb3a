import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const script = fileURLToPath(new URL('./echo-service.ts', import.meta.url));

type Line = { msg: string; level: string; metricsUrl?: string };

/** Runs the process to its end, doing `whenReady` once it says so. */
async function run(ending: string, whenReady: (line: Line, kill: () => void) => unknown) {
  const child = spawn(process.execPath, [script, ending], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const lines: Line[] = [];
  for await (const text of createInterface({ input: child.stdout })) {
    const line = JSON.parse(text) as Line;
    lines.push(line);
    if (line.msg === 'ready') await whenReady(line, () => child.kill('SIGTERM'));
  }
  const [code] = await exited;
  return { code, messages: lines.map((line) => line.msg) };
}

describe('a service process is observable while it runs and says how it ended', () => {
  test('ready answers probes and metrics; SIGTERM gives back what it has, exit 0', async () => {
    const seen: unknown[] = [];
    const { code, messages } = await run('well', async (line, kill) => {
      for (const path of ['/livez', '/readyz', '/metrics', '/else']) {
        const answer = await fetch(`${line.metricsUrl}${path}`);
        seen.push(answer.status);
        if (path === '/metrics') expect(await answer.text()).toContain('nodejs_eventloop_lag');
      }
      kill();
    });
    expect(seen).toEqual([200, 200, 200, 404]);
    expect(messages).toEqual(['ready', 'stopping', 'first given back', 'stopped']);
    expect(code).toBe(0);
  });

  test.each([
    ['start-fails', 1, ['could not start', 'first given back', 'stopped']],
    ['stop-fails', 1, ['ready', 'stopping', 'could not stop', 'first given back']],
    ['crash', 1, ['ready', 'crashed']],
  ])('%s: exit %i', async (ending, expected, messages) => {
    const ended = await run(ending, (_line, kill) => ending === 'stop-fails' && kill());
    expect(ended).toEqual({ code: expected, messages });
  });

  test('nobody reads its output any more: it still stops cleanly instead of hanging', async () => {
    const child = spawn(process.execPath, [script, 'well'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.stdout.destroy();
    await once(child.stdout, 'close');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
