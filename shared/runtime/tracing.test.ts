import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { addToTraces, currentTraceparent, startTracing, withTraceparent } from './mod.ts';

const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** Takes what the exporter sends. */
async function startCollector() {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => bodies.push(chunk));
    request.on('end', () => response.writeHead(200).end('{}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, bodies, close: () => new Promise((done) => server.close(done)) };
}

describe('tracing', () => {
  test('off: work runs unchanged and nothing is sent along', async () => {
    const tracing = await startTracing({ service: 'test' });
    expect(withTraceparent(PARENT, 'work', () => currentTraceparent())).toBeUndefined();
    await tracing.stop();
  });

  test('on: the trace of a message goes on in the work, its children and the export', async () => {
    const collector = await startCollector();
    const tracing = await startTracing({ service: 'test', otlpEndpoint: collector.url });
    const inner = await withTraceparent(PARENT, 'outer', async () => {
      await Promise.resolve();
      return withTraceparent(undefined, 'inner', () => currentTraceparent());
    });
    expect(inner).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
    expect(() => withTraceparent('broken', 'bad', () => raise('no funds'))).toThrow('no funds');
    await tracing.stop();
    const sent = collector.bodies.join();
    for (const text of ['"outer"', '"inner"', 'b7ad6b7169203331', 'no funds']) {
      expect(sent).toContain(text);
    }
    expect(withTraceparent(PARENT, 'after', () => currentTraceparent())).toBeUndefined();
    await collector.close();
  });

  test('a batch shows in the trace of each message; those without one are left out', async () => {
    const other = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const batch = { name: 'batch', startedMs: performance.now() - 5, attributes: { size: 4 } };
    addToTraces([PARENT], batch);
    const collector = await startCollector();
    const tracing = await startTracing({ service: 'test', otlpEndpoint: collector.url });
    addToTraces([PARENT, undefined, 'broken', other], batch);
    await tracing.stop();
    const sent = collector.bodies.join();
    expect(sent.match(/"name":"batch"/g)).toHaveLength(2);
    for (const text of ['b7ad6b7169203331', '00f067aa0ba902b7']) expect(sent).toContain(text);
    await collector.close();
  });
});

function raise(message: string): never {
  throw new Error(message);
}
