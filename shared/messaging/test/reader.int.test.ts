import { present } from '@florin/kernel';
import { eventually } from '@florin/testing';
import { describe, expect, test } from 'vitest';
import { createPublisher, messageIdAt, readPartition, streamState } from '../mod.ts';
import type { Disorder, ReaderOptions } from '../mod.ts';
import { laneMessage, openServer, openStream } from './open-bus.ts';

const { bus } = await openServer();

async function fill(stream: string, from: number, to: number, partition = 0): Promise<void> {
  using publisher = createPublisher(bus);
  const ids = Array.from({ length: to - from + 1 }, (_, i) => String(from + i));
  await Promise.all(
    ids.map((id) => publisher.publish(laneMessage(stream, `${partition}-${id}`, id, partition))),
  );
}

function open(stream: string, options: Partial<ReaderOptions> = {}, from = bus) {
  const read: number[] = [];
  const disorders: Disorder[] = [];
  const reader = readPartition(from, {
    stream,
    filterSubject: `${stream}.00.*`,
    startAfter: 0,
    onMessage: (message) => read.push(Number(Buffer.from(message.body).toString())),
    onDisorder: (disorder) => disorders.push(disorder),
    ...options,
  });
  return { reader, read, disorders };
}

/** A reader of ten messages that pauses after each; it has read the first. */
async function openPausing(stream: string) {
  await openStream(bus, stream);
  await fill(stream, 1, 10);
  const { reader, read } = open(stream, {
    onMessage: ({ sequence }) => {
      read.push(sequence);
      reader.pause();
    },
  });
  await eventually(() => read.length === 1);
  return { reader, read };
}

const count = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('a partition is read in order, from a position, without gap or repeat', () => {
  test('starts behind its position and follows what comes later, its own lane only', async () => {
    await openStream(bus, 'lane');
    await fill('lane', 1, 100);
    await fill('lane', 1, 50, 1);
    let caughtUp = 0;
    const { reader, read } = open('lane', { startAfter: 40, onCaughtUp: () => caughtUp++ });
    await eventually(() => caughtUp === 1);
    expect(read).toEqual(count(41, 100));
    await fill('lane', 101, 200);
    await eventually(() => read.length === 160);
    expect(read).toEqual(count(41, 200));
    expect(reader.position()).toBe(250);
    expect(caughtUp).toBe(1);
    await reader.stop();
  });

  test('says who and when: id, subject, time, backlog, headers', async () => {
    await openStream(bus, 'fields');
    await fill('fields', 1, 2);
    const seen: unknown[] = [];
    const { reader } = open('fields', {
      onMessage: ({ id, subject, sequence, pending, time, header }) => {
        const fresh = Math.abs(Date.now() - time.getTime()) < 60_000;
        seen.push([id, subject, sequence, pending, fresh, header('Florin-Type'), header('x')]);
      },
    });
    await eventually(() => seen.length === 2);
    expect(seen).toEqual([
      ['0-1', 'fields.00.w1', 1, 1, true, 'test.v1', undefined],
      ['0-2', 'fields.00.w1', 2, 0, true, 'test.v1', undefined],
    ]);
    await reader.stop();
  });

  test('a pause holds everything back and keeps a bounded number in memory', async () => {
    await openStream(bus, 'pause');
    await fill('pause', 1, 2_000);
    const { reader, read } = open('pause', {
      maxBuffered: 64,
      onMessage: ({ sequence }) => {
        read.push(sequence);
        if (sequence === 10 || sequence === 1_000) reader.pause();
      },
    });
    await eventually(() => read.length === 10);
    // What has not been asked for is still on the server: all but about two buffers.
    await eventually(async () => {
      const [consumer] = await bus.jsm.consumers.list('pause').next();
      return (consumer?.num_pending ?? 0) >= 2_000 - 3 * 64;
    });
    expect(read).toEqual(count(1, 10));
    reader.resume();
    await eventually(() => read.length === 1_000);
    reader.resume();
    await eventually(() => read.length === 2_000);
    expect(read).toEqual(count(1, 2_000));
    await reader.stop();
  });

  test('a pause that follows a resume at once still holds', async () => {
    const { reader, read } = await openPausing('again');
    reader.resume();
    reader.pause();
    await bus.nc.flush();
    expect(read).toEqual([1]);
    reader.resume();
    await eventually(() => read.length === 2);
    await reader.stop();
  });

  test('a reader that is paused or still waiting for its stream can be stopped', async () => {
    const { reader, read } = await openPausing('halfway');
    await reader.stop();
    await open('nowhere').reader.stop();
    expect(read).toEqual([1]);
  });

  test('nothing is handed over after stop, and the server keeps no consumer', async () => {
    await openStream(bus, 'stop');
    await fill('stop', 1, 500);
    let stopping: Promise<void> | undefined;
    const { reader, read } = open('stop', {
      onMessage: ({ sequence }) => {
        read.push(sequence);
        if (sequence === 100) stopping = reader.stop();
      },
    });
    await eventually(() => stopping !== undefined);
    await stopping;
    expect(read).toEqual(count(1, 100));
    expect(await bus.jsm.consumers.list('stop').next()).toEqual([]);
  });

  test('its consumer may be deleted at any time', async () => {
    await openStream(bus, 'deleted');
    await fill('deleted', 1, 10);
    const { reader, read } = open('deleted');
    await eventually(() => read.length === 10);
    const [consumer] = await bus.jsm.consumers.list('deleted').next();
    await bus.jsm.consumers.delete('deleted', present(consumer, 'the consumer').name);
    await fill('deleted', 11, 20);
    await eventually(() => read.length === 20);
    expect(read).toEqual(count(1, 20));
    await reader.stop();
  });

  test('waits for a stream that does not exist yet', async () => {
    const { reader, read } = open('unborn');
    await openStream(bus, 'unborn');
    await fill('unborn', 1, 3);
    await eventually(() => read.length === 3);
    await reader.stop();
  });
});

describe('a stream that is not the one of the position is never read', () => {
  test('shorter than the position', async () => {
    await openStream(bus, 'shorter');
    await fill('shorter', 1, 5);
    const { read, disorders, reader } = open('shorter', { startAfter: 6 });
    await eventually(() => disorders.length === 1);
    expect(disorders[0]).toMatchObject({ reason: 'stream-went-back' });
    expect(read).toEqual([]);
    await reader.stop();
  });

  test('created at another time than the position says', async () => {
    await openStream(bus, 'other');
    await fill('other', 1, 5);
    const createdAt = '2020-01-01T00:00:00Z';
    const { read, disorders } = open('other', { startAfter: 2, createdAt });
    await eventually(() => disorders.length === 1);
    expect(disorders[0]).toMatchObject({ reason: 'stream-recreated' });
    expect(read).toEqual([]);
  });

  test('deleted and made anew while it is read, with more messages than before', async () => {
    await openStream(bus, 'anew');
    await fill('anew', 1, 5);
    const { read, disorders } = open('anew');
    await eventually(() => read.length === 5);
    await bus.jsm.streams.delete('anew');
    await openStream(bus, 'anew');
    await fill('anew', 1, 50);
    await eventually(() => disorders.length === 1);
    expect(disorders[0]).toMatchObject({ reason: 'stream-recreated' });
    expect(read).toEqual(count(1, 5));
  });
});

describe('a stream that is as long as it was, of other messages', () => {
  test('is seen by the last message that was read', async () => {
    await openStream(bus, 'refilled');
    await fill('refilled', 1, 5);
    // What a stream that was restored and went on without us would answer.
    const getMessage = async () => ({ header: { get: () => 'of-another-history' } });
    const info = (stream: string) => bus.jsm.streams.info(stream);
    const jsm = { streams: { info, getMessage } };
    const restored = Object.create(bus, { jsm: { value: jsm } }) as typeof bus;
    const { read, disorders } = open('refilled', {}, restored);
    await eventually(() => read.length === 5);
    const [consumer] = await bus.jsm.consumers.list('refilled').next();
    await bus.jsm.consumers.delete('refilled', present(consumer, 'the consumer').name);
    await eventually(() => disorders.length === 1);
    expect(disorders[0]).toMatchObject({ reason: 'stream-went-back' });
  });
});

describe('the ledger can compare a stream with what it remembers', () => {
  test('first and last sequence survive removal, creation time tells streams apart', async () => {
    await openStream(bus, 'state');
    const empty = await streamState(bus, 'state');
    expect(empty.lastSequence).toBe(0);
    await fill('state', 1, 5);
    expect(await messageIdAt(bus, 'state', 3)).toBe('0-3');
    expect(await messageIdAt(bus, 'state', 6)).toBeNull();
    expect(await messageIdAt(bus, 'state', 0)).toBeNull();
    await bus.nc.request('state.00.w1', 'no id');
    expect(await messageIdAt(bus, 'state', 6)).toBeUndefined();
    await bus.jsm.streams.purge('state');
    const purged = await streamState(bus, 'state');
    expect(purged).toEqual({ ...empty, firstSequence: 7, lastSequence: 6 });
    expect(await messageIdAt(bus, 'state', 3)).toBeNull();
    await bus.jsm.streams.delete('state');
    await openStream(bus, 'state');
    expect((await streamState(bus, 'state')).createdAt).not.toBe(empty.createdAt);
  });
});
