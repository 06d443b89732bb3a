import type { ConsumerNotification } from '@nats-io/jetstream';

/** After these the server-side consumer is gone or may have sent messages that never arrived. */
export function isBroken(notice: ConsumerNotification, received: number): boolean {
  switch (notice.type) {
    // The server has sent more than has come: the tail was lost, and nothing else would tell.
    case 'heartbeat':
      return notice.lastConsumerSequence > received;
    case 'heartbeats_missed':
    case 'consumer_not_found':
    case 'consumer_deleted':
    case 'stream_not_found':
    case 'no_responders':
    case 'reset':
      return true;
    default:
      return false;
  }
}
