import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSigned } from './read-signed.ts';

let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    void readSigned(request, { header: 'stripe-signature', bytesMax: 100 }).then((read) => {
      response.end(JSON.stringify(read.ok ? read.value : read.error.refused));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

async function send(body: string | Uint8Array<ArrayBuffer>, signature?: string): Promise<unknown> {
  const headers = signature === undefined ? {} : { 'stripe-signature': signature };
  const response = await fetch(url, { method: 'POST', body, headers });
  return response.json();
}

describe('hunts signed bodies that are passed on otherwise than they came', () => {
  test.each([
    ['with spaces and members in its own order', '{ "b" : 1.0,\n"a": "\\u00e9" }\n'],
    ['that is no JSON', 'not {json'],
    ['that is empty', ''],
  ])('a body %s', async (_case, payload) => {
    expect(await send(payload, 't=1,v1=aa')).toEqual({ payload, signature: 't=1,v1=aa' });
  });

  test('one without a signature, one that is too long, one that is no text', async () => {
    expect(await send('{}')).toBe('unauthenticated');
    expect(await send('x'.repeat(101), 's')).toBe('payload-too-large');
    expect(await send(new Uint8Array([0xff, 0xfe]), 's')).toBe('validation-failed');
  });
});
