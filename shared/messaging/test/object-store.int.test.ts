import { randomBytes } from 'node:crypto';
import { OBJECT_STORES } from '@florin/contracts';
import { createLogger } from '@florin/runtime';
import { freshNats } from '@florin/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  connect,
  createNkeySeed,
  KEYED_USERS,
  openObjectStore,
  provision,
  PROVISION_USER,
  serverUsers,
  type Bus,
  type ObjectStore,
} from '../mod.ts';

const seeds = Object.fromEntries(KEYED_USERS.map((name) => [name, createNkeySeed()]));
const stack = new AsyncDisposableStack();
let files: ObjectStore;
let banking: Bus;

/** With the permissions of production: a client that needs more than them must be noticed. */
beforeAll(async () => {
  const server = stack.use(await freshNats({ authorization: serverUsers({ seeds }) }));
  const open = async (name: string): Promise<Bus> => {
    const log = createLogger(name, 'silent');
    const nkeySeed = seeds[name] ?? '';
    return stack.use(await connect({ url: server.url, name, nkeySeed, log }));
  };
  await provision(await open(PROVISION_USER));
  files = openObjectStore(await open('gateway'), OBJECT_STORES.kyc);
  banking = await open('banking');
});
afterAll(() => stack.disposeAsync());

test('hunts files that come back changed, or not at all', async () => {
  const content = randomBytes(1_000_000);
  await files.put('a', content);
  expect(Buffer.from((await files.get('a')) ?? [])).toEqual(content);
  await files.put('a', Buffer.from('another'));
  expect(Buffer.from((await files.get('a')) ?? []).toString()).toBe('another');
  expect(await files.get('nobody-put-this')).toBeNull();
});

test('hunts files that are still there after they were removed', async () => {
  await files.put('b', Buffer.from('content'));
  await files.remove('b');
  expect(await files.get('b')).toBeNull();
  await files.remove('b');
});

test('hunts a service that gets at files which are none of its business', async () => {
  await files.put('c', Buffer.from('content'));
  const theirs = openObjectStore(banking, OBJECT_STORES.kyc);
  await expect(theirs.get('c')).rejects.toThrow(/permissions violation/i);
  await expect(theirs.put('c', Buffer.from('mine'))).rejects.toThrow(/permissions violation/i);
  expect(Buffer.from((await files.get('c')) ?? []).toString()).toBe('content');
});
