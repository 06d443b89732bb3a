import { setTimeout as delay } from 'node:timers/promises';
import { TerminalError } from '@florin/kernel';
import { freshNats } from '@florin/testing';
import { describe, expect, test } from 'vitest';
import { createPublisher, provision, streamState, topology } from '../mod.ts';
import { laneMessage, openBus, openServer, openStream } from './open-bus.ts';

const DAY_MS = 86_400_000;
const { server, bus } = await openServer();

describe('provisioning never costs a message', () => {
  test('creates everything once, also when two run at the same time', async () => {
    const other = await openBus(server.url);
    const [mine, theirs] = await Promise.all([provision(bus), provision(other)]);
    await other.close();
    const created = (name: string) => `stream ${name}: created`;
    const names = topology().map(({ name }) => name);
    expect([...new Set([...mine, ...theirs])].toSorted()).toEqual(names.map(created).toSorted());
    expect(await provision(bus)).toEqual([]);
  });

  test('a server that is busy for longer than a request waits is waited for', async () => {
    await using slow = await freshNats();
    const patient = await openBus(slow.url);
    slow.pause();
    const resumed = delay(6_000).then(() => slow.resume());
    const created = await provision(patient);
    await resumed;
    expect(created).toHaveLength(topology().length);
    await patient.close();
  });

  test('the money streams refuse the removal of single messages and purges', async () => {
    using publisher = createPublisher(bus);
    await publisher.publish({ ...laneMessage('txn.ready', 'a'), subject: 'txn.ready.00.w' });
    await expect(bus.jsm.streams.deleteMessage('TXN', 1)).rejects.toThrow('not permitted');
    await expect(bus.jsm.streams.purge('TXN')).rejects.toThrow('not permitted');
    expect(await streamState(bus, 'TXN')).toMatchObject({ firstSequence: 1, lastSequence: 1 });
  });

  test('a compatible change is made and reported', async () => {
    const changes = await provision(bus, { txnMaxAgeMs: 3 * DAY_MS, evtMaxBytes: 10_000_000 });
    expect(changes).toHaveLength(2);
    expect(changes[0]).toContain('stream TXN: max_age');
    expect(changes[1]).toContain('stream EVT: max_bytes -1 -> 10000000');
    const { config } = await bus.jsm.streams.info('TXN');
    expect(config.max_age).toBe(3 * DAY_MS * 1e6);
    expect(await streamState(bus, 'TXN')).toMatchObject({ lastSequence: 1 });
  });

  test('a limit below what is stored is an error, and nothing is lost', async () => {
    using publisher = createPublisher(bus);
    const body = 'x'.repeat(2_000);
    await publisher.publish({ ...laneMessage('txn.ready', 'b', body), subject: 'txn.ready.00.w' });
    const shrinking = provision(bus, { txnMaxBytes: 1_000, txnMaxAgeMs: 3 * DAY_MS });
    await expect(shrinking).rejects.toThrow(/TXN exists and is left as it is.*bytes/);
    await expect(provision(bus, { txnMaxAgeMs: 1 })).rejects.toThrow('older than the planned age');
    expect(await streamState(bus, 'TXN')).toMatchObject({ firstSequence: 1, lastSequence: 2 });
  });
});

describe('a stream that can not become what is planned is left alone', () => {
  test('other subjects', async () => {
    await openStream(bus, 'mixed', { subjects: ['mixed.*.*', 'foreign.>'] });
    const opening = openStream(bus, 'mixed');
    await expect(opening).rejects.toBeInstanceOf(TerminalError);
    await expect(opening).rejects.toThrow('it holds other subjects: foreign.>');
  });

  test('other retention, other storage: all reasons together', async () => {
    const subjects = ['queue.*.*'];
    const other = { retention: 'workqueue', storage: 'memory' } as const;
    await bus.jsm.streams.add({ name: 'queue', subjects, ...other });
    await expect(openStream(bus, 'queue')).rejects.toThrow(
      'its retention is "workqueue", planned is "limits"; its storage is "memory"',
    );
  });

  test('more messages of a subject than planned', async () => {
    await openStream(bus, 'history');
    using publisher = createPublisher(bus);
    await publisher.publish(laneMessage('history', 'a'));
    await publisher.publish(laneMessage('history', 'b'));
    await expect(openStream(bus, 'history', { maxPerSubject: 1 })).rejects.toThrow('of a subject');
    expect(await streamState(bus, 'history')).toMatchObject({ firstSequence: 1, lastSequence: 2 });
  });
});
