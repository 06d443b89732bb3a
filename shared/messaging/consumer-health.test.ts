import type { ConsumerNotification } from '@nats-io/jetstream';
import { expect, test } from 'vitest';
import { isBroken } from './consumer-health.ts';

const heartbeat = (lastConsumerSequence: number): ConsumerNotification => ({
  type: 'heartbeat',
  lastConsumerSequence,
  lastStreamSequence: 900,
});

// Hunts a reader that waits for ever: the last messages were lost with a connection, and no later
// one comes that would show the gap.
test.each<[boolean, ConsumerNotification, number]>([
  [false, heartbeat(0), 0],
  [false, heartbeat(10), 10],
  [true, heartbeat(11), 10],
  [true, { type: 'heartbeats_missed', count: 2 }, 10],
  [true, { type: 'consumer_not_found', name: 'c', stream: 's', count: 1 }, 10],
  [true, { type: 'consumer_deleted', code: 409, description: 'Consumer Deleted' }, 10],
  [true, { type: 'stream_not_found', name: 's' }, 10],
  [true, { type: 'no_responders', code: 503 }, 10],
  [true, { type: 'reset', name: 'c' }, 10],
  [false, { type: 'debug', code: 408, description: 'Request Timeout' }, 10],
  [false, { type: 'discard', messagesLeft: 1, bytesLeft: 0 }, 10],
])('broken: %j after %j with %d received', (broken, notice, received) => {
  expect(isBroken(notice, received)).toBe(broken);
});
