import { eventually, freshNats, type NatsServer } from '@florin/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createPublisher, readPartition, streamState } from '../mod.ts';
import type { Bus, Disorder, PartitionReader, Publisher } from '../mod.ts';
import { laneMessage, openBus, openStream } from './open-bus.ts';

const LANES = 4;
let server: NatsServer;
let bus: Bus;

beforeEach(async () => {
  server = await freshNats();
  bus = await openBus(server.url);
  await openStream(bus, 'lanes');
});

afterEach(async () => {
  await bus.close();
  await server.stop();
});

/** Publishes numbered messages, one lane after the other, for as long as it is not stopped. */
function publishAll(publisher: Publisher) {
  const stored = new Map<string, number>();
  let running = true;
  let next = 0;
  const work = async (): Promise<void> => {
    while (running) {
      const number = next++;
      const id = `m-${number}`;
      const message = laneMessage('lanes', id, String(number), number % LANES);
      const { sequence } = await publisher.publish(message);
      stored.set(id, sequence);
    }
  };
  const workers = Array.from({ length: 64 }, work);
  return {
    stored,
    async stop(): Promise<void> {
      running = false;
      await Promise.all(workers);
    },
  };
}

interface Read {
  id: string;
  sequence: number;
}

function readAll() {
  const disorders: Disorder[] = [];
  const lanes = Array.from({ length: LANES }, (): Read[] => []);
  const readers = lanes.map((read, lane): PartitionReader =>
    readPartition(bus, {
      stream: 'lanes',
      filterSubject: `lanes.0${lane}.*`,
      startAfter: 0,
      onMessage: ({ id = '', sequence }) => read.push({ id, sequence }),
      onDisorder: (disorder) => disorders.push(disorder),
    }),
  );
  const total = (): number => lanes.reduce((sum, lane) => sum + lane.length, 0);
  return { lanes, readers, disorders, total };
}

type Reading = ReturnType<typeof readAll>;

/** Nothing is lost, nothing comes twice, and every lane keeps the order of the stream. */
async function expectAllReadOnce(reading: Reading, stored: Map<string, number>): Promise<void> {
  // Asked again because the connection may just be coming back.
  const { lastSequence } = await eventually(() => streamState(bus, 'lanes'));
  await eventually(() => reading.total() >= lastSequence);
  expect(reading.disorders).toEqual([]);
  expect(reading.total()).toBe(lastSequence);
  for (const lane of reading.lanes) {
    const sequences = lane.map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
    expect(new Set(sequences).size).toBe(sequences.length);
  }
  const read = new Map(reading.lanes.flat().map(({ id, sequence }) => [id, sequence]));
  // Each id was stored once: the repetitions of the publisher were dropped by the stream.
  expect(read.size).toBe(lastSequence);
  expect([...stored].filter(([id, sequence]) => read.get(id) !== sequence)).toEqual([]);
  await Promise.all(reading.readers.map((reader) => reader.stop()));
}

describe('what was acknowledged is read once and in order, whatever happens to the server', () => {
  test('kill -9 three times, in the middle of publishing and reading', async () => {
    using publisher = createPublisher(bus, { timeoutMs: 500 });
    const reading = readAll();
    const publishing = publishAll(publisher);
    for (let round = 1; round <= 3; round++) {
      const goal = publishing.stored.size + 3_000;
      await eventually(() => publishing.stored.size >= goal);
      await server.kill9();
      await server.restart();
    }
    const goal = publishing.stored.size + 1_000;
    await eventually(() => publishing.stored.size >= goal);
    await publishing.stop();
    await expectAllReadOnce(reading, publishing.stored);
  });

  test('a long backlog is read across a kill, with a reader that is paused during it', async () => {
    using publisher = createPublisher(bus);
    const publishing = publishAll(publisher);
    await eventually(() => publishing.stored.size >= 10_000);
    await publishing.stop();
    const reading = readAll();
    const [paused] = reading.readers;
    await eventually(() => reading.total() > 100);
    paused?.pause();
    await server.kill9();
    await server.restart();
    paused?.resume();
    await expectAllReadOnce(reading, publishing.stored);
  });

  test('a server that freezes with its connections open is left and found again', async () => {
    using publisher = createPublisher(bus, { timeoutMs: 500, retryForMs: 60_000 });
    const reading = readAll();
    const publishing = publishAll(publisher);
    await eventually(() => publishing.stored.size >= 1_000);
    server.pause();
    await eventually(() => !bus.connected());
    server.resume();
    const goal = publishing.stored.size + 1_000;
    await eventually(() => publishing.stored.size >= goal);
    await publishing.stop();
    await expectAllReadOnce(reading, publishing.stored);
  });
});

describe('a process that stops while the server is away', () => {
  test('fails its publishes as retryable, and closes in time', async () => {
    using publisher = createPublisher(bus, { retryForMs: 300 });
    const { readers } = readAll();
    await publisher.publish(laneMessage('lanes', 'a'));
    await server.kill9();
    await eventually(() => !bus.connected());
    await expect(publisher.publish(laneMessage('lanes', 'b'))).rejects.toThrow('not connected');
    await Promise.all(readers.map((reader) => reader.stop()));
    await bus.close();
    expect(bus.nc.isClosed()).toBe(true);
  });
});
