import { FLAGS, KV_BUCKETS } from '@florin/contracts';
import { createLogger } from '@florin/runtime';
import { eventually } from '@florin/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connect, createFlags, provision, putValue, removeValue } from '../mod.ts';
import type { Bus, Flags } from '../mod.ts';
import { openBus, openServer } from './open-bus.ts';

const KEY = 'fraud-scoring';
const { server, bus } = await openServer('operator');
await provision(bus);

const ended: (() => Promise<void>)[] = [];

/** Instances as they run in different processes: each has its own connection. */
async function openInstances(count: number): Promise<Flags[]> {
  const instances: Flags[] = [];
  for (let index = 0; index < count; index++) {
    const own = await openBus(server.url, `instance-${index}`);
    const flags = createFlags(own);
    ended.push(async () => {
      await flags.stop();
      await own.close();
    });
    instances.push(flags);
  }
  await Promise.all(instances.map(({ ready }) => ready));
  return instances;
}

beforeEach(() => removeValue(bus, KV_BUCKETS.flags, KEY));
afterEach(async () => {
  for (const end of ended.splice(0)) await end();
});

const have = (instances: Flags[], variant: string): boolean =>
  instances.every((flags) => flags.variant(KEY) === variant);

describe('hunts instances that go on with a variant of yesterday', () => {
  test('without a word the default holds; a change is seen by all, soon', async () => {
    const instances = await openInstances(4);
    expect(have(instances, FLAGS[KEY].default)).toBe(true);
    const seen: string[] = [];
    for (const flags of instances) flags.onChange((key, variant) => seen.push(`${key} ${variant}`));
    const delaysMs: number[] = [];
    for (const variant of ['off', 'enforce', 'shadow'] as const) {
      const startedMs = performance.now();
      await instances[0]?.set(KEY, variant, 'olga');
      await eventually(() => have(instances, variant), { everyMs: 1 });
      delaysMs.push(performance.now() - startedMs);
    }
    expect(Math.max(...delaysMs)).toBeLessThan(10_000);
    expect(seen).toHaveLength(3 * instances.length);
    expect(instances[3]?.stored(KEY)).toMatchObject({ before: 'enforce', changedBy: 'olga' });
  });

  test('who starts later knows what was set before', async () => {
    await putValue(bus, KV_BUCKETS.flags, KEY, stored('off'));
    const [flags] = await openInstances(1);
    expect(flags?.variant(KEY)).toBe('off');
  });

  test('a flag that is taken back has its default again', async () => {
    const instances = await openInstances(1);
    await instances[0]?.set(KEY, 'off', 'olga');
    await eventually(() => have(instances, 'off'));
    await removeValue(bus, KV_BUCKETS.flags, KEY);
    await eventually(() => have(instances, FLAGS[KEY].default));
  });

  test('nats away: the last variant holds, and changes after its return arrive', async () => {
    const instances = await openInstances(2);
    await instances[0]?.set(KEY, 'shadow', 'olga');
    await eventually(() => have(instances, 'shadow'));
    await server.kill9();
    await eventually(() => !bus.connected());
    await expect(instances[0]?.set(KEY, 'off', 'olga')).rejects.toThrow('without a nats-server');
    expect(have(instances, 'shadow')).toBe(true);
    await server.restart();
    await eventually(() => bus.connected());
    await eventually(() => instances[0]?.set(KEY, 'off', 'olga'));
    await eventually(() => have(instances, 'off'));
  });
});

const stored = (variant: string): string =>
  JSON.stringify({ variant, changedBy: 'olga', changedAt: '2026-01-01T00:00:00.000Z' });

test('hunts a metric that tells another variant than the one that holds', async () => {
  const own = await openBus(server.url, 'measured');
  const flags = createFlags(own);
  ended.push(async () => {
    await flags.stop();
    await own.close();
  });
  await flags.ready;
  await flags.set(KEY, 'shadow', 'olga');
  await eventually(() => flags.variant(KEY) === 'shadow');
  const shown = await own.metrics?.registry.getSingleMetricAsString('feature_flag_info');
  const ones = (shown ?? '').split('\n').filter((line) => line.endsWith(' 1'));
  expect(ones).toHaveLength(1);
  expect(ones[0]).toContain('flag="fraud-scoring",variant="shadow"');
});

describe('hunts values that break an instance', () => {
  test('what no flag can be changes nothing, and is told to the log', async () => {
    const lines: string[] = [];
    const log = createLogger('instance', 'warn', {}, { write: (line) => void lines.push(line) });
    const own: Bus = await connect({ url: server.url, name: 'instance', log });
    const flags = createFlags(own);
    ended.push(async () => {
      await flags.stop();
      await own.close();
    });
    await flags.ready;
    const bad = ['sometimes', stored('sometimes'), '{"variant":"off"}', '', 'null'];
    await flags.set(KEY, 'shadow', 'olga');
    for (const value of bad) await putValue(bus, KV_BUCKETS.flags, KEY, value);
    await putValue(bus, KV_BUCKETS.flags, 'nobody-knows-it', stored('off'));
    await eventually(() => lines.length === bad.length + 1);
    expect(flags.variant(KEY)).toBe('shadow');
    // Setting it mends it.
    expect(await flags.set(KEY, 'off', 'olga')).toMatchObject({ changed: true });
    await eventually(() => flags.variant(KEY) === 'off');
  });
});

describe('hunts changes that overwrite each other unseen', () => {
  test('many at once: each names the one before it, and the last one holds', async () => {
    const [flags] = (await openInstances(1)) as [Flags];
    const variants = ['off', 'shadow', 'enforce', 'off', 'shadow', 'enforce'] as const;
    const settings = await Promise.all(
      variants.map(async (variant, index) => flags.set(KEY, variant, `person ${index}`)),
    );
    const changes = settings
      .filter(({ changed }) => changed)
      .toSorted((a, b) => a.revision - b.revision);
    expect(new Set(changes.map(({ revision }) => revision)).size).toBe(changes.length);
    for (const [index, { value }] of changes.entries()) {
      expect(value.before).toBe(changes[index - 1]?.value.variant);
    }
    const last = changes.at(-1)?.value.variant;
    await eventually(() => flags.variant(KEY) === last);
  });

  test('the same variant again is no change, and says whose it is', async () => {
    const [flags] = (await openInstances(1)) as [Flags];
    const first = await flags.set(KEY, 'off', 'olga');
    const again = await flags.set(KEY, 'off', 'otto');
    expect(again).toEqual({ ...first, changed: false });
  });
});
