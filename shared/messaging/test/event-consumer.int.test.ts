import { RetryableError, TerminalError } from '@florin/kernel';
import { eventually } from '@florin/testing';
import { describe, expect, test } from 'vitest';
import { createEventConsumer, createPublisher, HEADERS, provision } from '../mod.ts';
import type { EventConsumerOptions, Incoming } from '../mod.ts';
import { laneMessage, openServer, openStream } from './open-bus.ts';

const { bus } = await openServer('banking');
await provision(bus);

async function fill(stream: string, ...ids: string[]): Promise<void> {
  using publisher = createPublisher(bus);
  await Promise.all(ids.map((id) => publisher.publish(laneMessage(stream, id, `"${id}"`))));
}

const consume = (stream: string, handle: EventConsumerOptions['handle'], more = {}) =>
  createEventConsumer(bus, {
    stream,
    durable: `${stream}-banking`,
    filterSubject: `${stream}.*.*`,
    handle,
    ...more,
  });

const unacknowledged = async (stream: string): Promise<number> => {
  const info = await bus.jsm.consumers.info(stream, `${stream}-banking`);
  return info.num_pending + info.num_ack_pending;
};

const ids = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => String(from + i));

describe('every event is handled at least once, whatever happens to its handler', () => {
  test('a restarted service goes on where it was', async () => {
    await openStream(bus, 'resume');
    await fill('resume', ...ids(1, 50));
    const seen: string[] = [];
    const handle = async ({ id }: Incoming) => void seen.push(id ?? '');
    const first = consume('resume', handle);
    await eventually(() => seen.length === 50);
    await first.stop();
    expect(await unacknowledged('resume')).toBe(0);
    await fill('resume', ...ids(51, 80));
    const second = consume('resume', handle, { maxInFlight: 4 });
    await eventually(() => seen.length === 80);
    await second.stop();
    expect(seen.toSorted((a, b) => Number(a) - Number(b))).toEqual(ids(1, 80));
  });

  test('two instances share the work, never more at once than each allows', async () => {
    await openStream(bus, 'share');
    await fill('share', ...ids(1, 100));
    let atOnce = 0;
    let most = 0;
    const seen: string[] = [];
    const handle = async ({ id }: Incoming) => {
      most = Math.max(most, ++atOnce);
      await bus.nc.flush();
      atOnce--;
      seen.push(id ?? '');
    };
    const both = [1, 2].map(() => consume('share', handle, { maxInFlight: 3 }));
    await eventually(() => seen.length === 100);
    await Promise.all(both.map((one) => one.stop()));
    expect(new Set(seen).size).toBe(100);
    expect(most).toBeLessThanOrEqual(6);
  });

  test('a passing fault brings the event again, and only that one', async () => {
    await openStream(bus, 'flaky');
    await fill('flaky', 'a', 'b', 'c');
    const seen: string[] = [];
    await using _ = consume('flaky', async ({ id = '' }) => {
      seen.push(id);
      const first = seen.filter((other) => other === id).length === 1;
      if (id === 'b' && first) throw new RetryableError('bank away');
    });
    await eventually(() => seen.length === 4);
    await eventually(async () => (await unacknowledged('flaky')) === 0);
    expect(seen.toSorted()).toEqual(['a', 'b', 'b', 'c']);
  });

  test('what is under way is finished by stop, what waits goes to others at once', async () => {
    await openStream(bus, 'stopping');
    await fill('stopping', ...ids(1, 20));
    const finish = Promise.withResolvers<void>();
    const seen = new Set<string>();
    const slow = consume(
      'stopping',
      async ({ id = '' }) => {
        await finish.promise;
        seen.add(id);
      },
      { maxInFlight: 2 },
    );
    await eventually(async () => {
      const { num_ack_pending: taken } = await bus.jsm.consumers.info(
        'stopping',
        'stopping-banking',
      );
      return taken >= 2;
    });
    const stopping = slow.stop();
    finish.resolve();
    await stopping;
    expect(seen.size).toBeLessThanOrEqual(3);
    await using _ = consume('stopping', async ({ id = '' }) => void seen.add(id));
    await eventually(() => seen.size === 20);
  });
});

test('an event that failed rests before it comes again: the server knows the delay', async () => {
  await openStream(bus, 'rest');
  await fill('rest', 'a');
  const answers: string[] = [];
  bus.nc.subscribe('$JS.ACK.rest.>', {
    callback: (_, message) => void answers.push(message.string()),
  });
  let attempts = 0;
  await using _ = consume('rest', async () => {
    if (++attempts < 3) throw new RetryableError('bank away');
  });
  await eventually(() => answers.length === 3);
  expect(answers[0]).toMatch(/^-NAK \{"delay":\d+\}$/);
  expect(answers[1]).toMatch(/^-NAK \{"delay":\d+\}$/);
  expect(answers[2]).toBe('+ACK');
});

describe('what can never be handled is put aside, with where it came from and why', () => {
  test.each([
    ['terminal', new TerminalError('no such bank\nat all'), 1],
    ['bug', new TypeError('x is not a function'), 5],
  ])('%s', async (stream, error, attempts) => {
    await openStream(bus, stream);
    await fill(stream, 'poison', 'good');
    const seen: string[] = [];
    await using _ = consume(stream, async ({ id = '' }) => {
      seen.push(id);
      if (id === 'poison') throw error;
    });
    const query = { last_by_subj: `dlq.banking.${stream}` };
    const letter = await eventually(
      async () => (await bus.jsm.streams.getMessage('DLQ', query)) ?? false,
    );
    await eventually(async () => (await unacknowledged(stream)) === 0);
    expect(seen.filter((id) => id === 'poison')).toHaveLength(attempts);
    expect(seen.filter((id) => id === 'good')).toHaveLength(1);
    expect(letter.string()).toBe('"poison"');
    const header = (name: string) => letter.header.get(name);
    expect(header(HEADERS.deadLetterSubject)).toBe(`${stream}.00.w1`);
    expect(Number(header(HEADERS.deadLetterSequence))).toBeGreaterThan(0);
    expect(header(HEADERS.deadLetterReason)).toBe(
      `${error.name}: ${error.message.replace('\n', ' ')}`,
    );
    expect(header(HEADERS.type)).toBe('test.v1');
  });
});
