import { createLogger, createMetrics } from '@florin/runtime';
import { connect } from '../mod.ts';
import type { Bus, StreamPlan } from '../mod.ts';
import { provisionStream } from '../provision.ts';

export const openBus = (url: string, name = 'tester'): Promise<Bus> =>
  connect({ url, name, log: createLogger(name, 'silent'), metrics: createMetrics(name) });

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
