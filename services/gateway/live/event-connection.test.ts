import { createServer, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { openEventConnection, type EventConnection } from './event-connection.ts';

const stack: (() => void)[] = [];
afterEach(() => stack.splice(0).forEach((close) => close()));

/** A connection, and the socket of a client that reads nothing unless it is told to. */
async function openOne(): Promise<{
  connection: EventConnection;
  response: ServerResponse;
  client: Socket;
  ended: Promise<void>;
}> {
  const opened = Promise.withResolvers<{ connection: EventConnection; response: ServerResponse }>();
  const over = Promise.withResolvers<void>();
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const options = { lifeMs: 60_000, onEnd: over.resolve };
    opened.resolve({ connection: openEventConnection(response, options), response });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  client.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  stack.push(
    () => client.destroy(),
    () => void server.close(),
  );
  return { ...(await opened.promise), client, ended: over.promise };
}

const EVENT = { name: 'transaction-completed', json: JSON.stringify('x'.repeat(1000)) } as const;

test('hunts a client that reads nothing and fills the memory: it is let go', async () => {
  const { connection, response, ended } = await openOne();
  let most = 0;
  for (let sequence = 1; !response.destroyed; sequence++) {
    connection.send({ sequence, index: 0 }, EVENT);
    most = Math.max(most, response.writableLength);
    expect(sequence).toBeLessThan(100_000);
    // The kernel takes what it has room for.
    if (sequence % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await ended;
  expect(most).toBeLessThan(1_100_000);
  connection.send({ sequence: 1, index: 0 }, EVENT);
});

test('hunts events that are not what browsers expect', async () => {
  const { connection, client } = await openOne();
  connection.send({ sequence: 7, index: 2 }, EVENT);
  connection.reset();
  let text = '';
  for await (const chunk of client.resume().setEncoding('utf8')) {
    text += String(chunk);
    if (text.includes('event: reset')) break;
  }
  expect(text).toContain('retry: 1000\n\n');
  expect(text).toContain(`id: 7.2\nevent: transaction-completed\ndata: ${EVENT.json}\n\n`);
  expect(text).toContain('id\nevent: reset\ndata: {}\n\n');
});
