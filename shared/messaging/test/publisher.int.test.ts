import { present, RetryableError, TerminalError } from '@florin/kernel';
import { eventually } from '@florin/testing';
import { describe, expect, test } from 'vitest';
import { createPublisher, createSigner, createVerifier, HEADERS, streamState } from '../mod.ts';
import { laneMessage, openServer, openStream } from './open-bus.ts';

const key = Buffer.alloc(32, 1).toString('base64url');
const { bus } = await openServer();

describe('a resolved publish means stored once, a rejected one says whether to try again', () => {
  test('the same id is stored once and answered twice', async () => {
    await openStream(bus, 'once');
    using publisher = createPublisher(bus);
    const first = await publisher.publish(laneMessage('once', 'a'));
    const again = await publisher.publish(laneMessage('once', 'a', 'another body'));
    expect(first).toEqual({ sequence: 1, duplicate: false });
    expect(again).toEqual({ sequence: 1, duplicate: true });
    expect(await streamState(bus, 'once')).toMatchObject({ lastSequence: 1 });
  });

  test('all of many are stored, in order, and never more under way than allowed', async () => {
    await openStream(bus, 'many');
    using publisher = createPublisher(bus, { maxInFlight: 8 });
    let most = 0;
    const stored = await Promise.all(
      Array.from({ length: 2_000 }, (_, i) => {
        const promise = publisher.publish(laneMessage('many', String(i)));
        most = Math.max(most, publisher.inFlight());
        return promise.then(({ sequence }) => {
          most = Math.max(most, publisher.inFlight());
          return sequence;
        });
      }),
    );
    expect(stored).toEqual(Array.from({ length: 2_000 }, (_, i) => i + 1));
    expect(most).toBe(8);
    await publisher.whenIdle();
    expect(publisher.inFlight()).toBe(0);
  });

  test('a receiver can verify what arrives, and finds the extra headers', async () => {
    await openStream(bus, 'signed');
    using publisher = createPublisher(bus, { signer: createSigner({ kid: 'g-1', key }) });
    const message = laneMessage('signed', 'a', '{"amount":"1"}', 3);
    await publisher.publish({ ...message, headers: { [HEADERS.traceparent]: '00-ab-cd-01' } });
    const stored = await bus.jsm.streams.getMessage('signed', { seq: 1 });
    const { header: headers, data: body } = present(stored, 'the stored message');
    const header = (name: string) => headers.get(name);
    expect(header(HEADERS.traceparent)).toBe('00-ab-cd-01');
    const verify = createVerifier({ gateway: { 'g-1': key } });
    const { wallet, partition } = message;
    const fields = { messageId: 'a', type: 'test.v1', wallet, partition, body };
    const received = { signature: header(HEADERS.signature), time: header(HEADERS.time) };
    expect(header(HEADERS.type)).toBe('test.v1');
    expect(verify(fields, received)).toEqual({
      ok: true,
      value: { service: 'gateway', kid: 'g-1' },
    });
  });

  test('a stream that does not exist yet is waited for', async () => {
    using publisher = createPublisher(bus);
    const publishing = publisher.publish(laneMessage('later', 'a'));
    const retries = async () =>
      (await bus.metrics?.registry.getSingleMetricAsString('messaging_publish_retries_total')) ??
      '';
    await eventually(async () => /total\{[^}]*\} [1-9]/.test(await retries()));
    await openStream(bus, 'later');
    expect(await publishing).toEqual({ sequence: 1, duplicate: false });
  });

  test('without any stream it fails as retryable, queued messages too', async () => {
    using publisher = createPublisher(bus, { maxInFlight: 1, retryForMs: 150 });
    const both = [laneMessage('never', 'a'), laneMessage('never', 'b')].map(publisher.publish);
    const [first, second] = await Promise.allSettled(both);
    expect(first).toMatchObject({ status: 'rejected', reason: expect.any(RetryableError) });
    expect(second).toMatchObject({ status: 'rejected', reason: expect.any(RetryableError) });
    await publisher.whenIdle();
  });

  test('a full stream refuses, and takes the message once there is room', async () => {
    await openStream(bus, 'full', { maxBytes: 4_000 });
    using hasty = createPublisher(bus, { retryForMs: 100 });
    const body = 'x'.repeat(1_000);
    let fitted = 0;
    const failure = await (async () => {
      for (;;) {
        await hasty.publish(laneMessage('full', `m${fitted}`, body));
        fitted++;
      }
    })().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RetryableError);
    expect(String(failure)).toContain('maximum bytes exceeded');
    using patient = createPublisher(bus);
    const publishing = patient.publish(laneMessage('full', 'late', body));
    await bus.jsm.streams.purge('full');
    expect(await publishing).toEqual({ sequence: fitted + 1, duplicate: false });
  });

  test('what no server takes is terminal at once', async () => {
    await openStream(bus, 'large');
    using publisher = createPublisher(bus);
    const body = new Uint8Array((bus.nc.info?.max_payload ?? 0) + 1);
    const publishing = publisher.publish({ ...laneMessage('large', 'a'), body });
    await expect(publishing).rejects.toBeInstanceOf(TerminalError);
    const { config } = await bus.jsm.streams.info('large');
    await bus.jsm.streams.update('large', { ...config, max_msg_size: 500 });
    const again = publisher.publish(laneMessage('large', 'b', 'x'.repeat(600)));
    await expect(again).rejects.toBeInstanceOf(TerminalError);
  });

  test('closing fails what is unfinished, however long the queue', async () => {
    const publisher = createPublisher(bus, { maxInFlight: 2 });
    const messages = Array.from({ length: 20_000 }, (_, i) => laneMessage('never', String(i)));
    const publishing = Promise.allSettled(messages.map(publisher.publish));
    publisher.close();
    const failed = (await publishing).filter(
      (end) => end.status === 'rejected' && end.reason instanceof RetryableError,
    );
    expect(failed).toHaveLength(20_000);
    await expect(publisher.publish(laneMessage('never', 'x'))).rejects.toThrow('closed');
  });
});
