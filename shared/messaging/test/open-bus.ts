import { createLogger, createMetrics } from '@florin/runtime';
import { freshNats, type NatsServer } from '@florin/testing';
import { afterAll } from 'vitest';
import { connect } from '../mod.ts';
import type { Bus, StreamPlan } from '../mod.ts';
import { provisionStream } from '../provision.ts';

export const openBus = (url: string, name = 'tester'): Promise<Bus> =>
  connect({ url, name, log: createLogger(name, 'silent'), metrics: createMetrics(name) });

/** A server of one test file, and a connection to it. Both end when its tests have. */
export async function openServer(name?: string): Promise<{ server: NatsServer; bus: Bus }> {
  const server = await freshNats();
  const bus = await openBus(server.url, name);
  afterAll(async () => {
    await bus.close();
    await server.stop();
  });
  return { server, bus };
}

/**
 * A stream that only one test knows, with one lane per last-but-one token: `<name>.<pp>.<wallet>`.
 */
export async function openStream(
  bus: Bus,
  name: string,
  plan: Partial<StreamPlan> = {},
): Promise<void> {
  await provisionStream(bus, {
    name,
    subjects: [`${name}.*.*`],
    maxAgeMs: 0,
    maxBytes: -1,
    discard: 'new',
    duplicateWindowMs: 30_000,
    maxPerSubject: -1,
    denyDelete: false,
    denyPurge: false,
    rollup: false,
    direct: false,
    ...plan,
  });
}

/** A message of a lane, as small as it may be. */
export const laneMessage = (stream: string, id: string, body = '{}', partition = 0) => ({
  subject: `${stream}.${String(partition).padStart(2, '0')}.w1`,
  body,
  id,
  type: 'test.v1',
  wallet: 'w1',
  partition,
});
