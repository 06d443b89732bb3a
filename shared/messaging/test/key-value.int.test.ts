import { KV_BUCKETS } from '@florin/contracts';
import { eventually } from '@florin/testing';
import { expect, test } from 'vitest';
import { provision, putValue, removeValue, watchBucket } from '../mod.ts';
import { openServer } from './open-bus.ts';

const { flags, breakers } = KV_BUCKETS;
const { server, bus } = await openServer();
await provision(bus);

test('a watch knows what was there before, then every change, then a removal', async () => {
  await putValue(bus, flags, 'fraud-scoring', 'shadow');
  await putValue(bus, flags, 'fraud-scoring', 'enforce');
  await putValue(bus, flags, 'limits.daily', '{"EUR":"100"}');
  const changes: unknown[] = [];
  await using watch = watchBucket(bus, flags, (...change) => changes.push(change));
  await watch.ready;
  expect(Object.fromEntries(watch.values())).toEqual({
    'fraud-scoring': 'enforce',
    'limits.daily': '{"EUR":"100"}',
  });
  await putValue(bus, flags, 'fraud-scoring', 'off');
  await removeValue(bus, flags, 'limits.daily');
  await eventually(() => changes.length === 4);
  expect(changes.slice(2)).toEqual([
    ['fraud-scoring', 'off'],
    ['limits.daily', undefined],
  ]);
  expect([...watch.values()]).toEqual([['fraud-scoring', 'off']]);
});

test('an empty bucket is ready at once', async () => {
  await using watch = watchBucket(bus, breakers);
  await watch.ready;
  expect(watch.values().size).toBe(0);
});

test('values outlive the server, and changes made after its return arrive', async () => {
  await putValue(bus, flags, 'kept', 'before');
  await using watch = watchBucket(bus, flags);
  await watch.ready;
  await server.kill9();
  await eventually(() => !bus.connected());
  expect(watch.values().get('kept')).toBe('before');
  await server.restart();
  await eventually(() => bus.connected());
  await eventually(() => putValue(bus, flags, 'kept', 'after'));
  await eventually(() => watch.values().get('kept') === 'after');
});

test('a bucket that was made anew is read anew, and what it lacks stays known', async () => {
  await putValue(bus, flags, 'lost', 'yes');
  await using watch = watchBucket(bus, flags);
  await watch.ready;
  await bus.jsm.streams.delete('KV_flags');
  await provision(bus);
  await putValue(bus, flags, 'fresh', 'yes');
  await eventually(() => watch.values().get('fresh') === 'yes');
  expect(watch.values().get('lost')).toBe('yes');
});
