import { CONTENT_TYPE_BATCH, NO_LANE } from '@florin/contracts';
import { HEADERS, type Publisher } from '@florin/messaging';
import type { Database } from '@florin/postgres';
import { pollWork, type PolledWork, type Logger, type Metrics } from '@florin/runtime';
import { countOutbox, deleteOutbox, takeOutbox } from './sql/outbox.ts';

const AT_ONCE = 100;
const LOOK_EVERY_MS = 500;

interface RelayDeps {
  db: Database['slonik'];
  publisher: Pick<Publisher, 'publish'>;
  log: Logger;
  metrics: Metrics;
}

/**
 * Publishes what the outbox holds, at least once: rows are deleted in the same database transaction
 * that took them, after the stream has acknowledged. The id of an event is that of its message, so
 * that a repetition adds nothing.
 */
export function relayOutbox({ db, publisher, log, metrics }: RelayDeps): PolledWork {
  const waiting = metrics.gauge({
    name: 'payments_outbox_waiting',
    help: 'Events about payments that no stream has stored yet',
  });

  const headers = { [HEADERS.contentType]: CONTENT_TYPE_BATCH };
  const sendSome = (): Promise<number> =>
    db.transaction(async (tx) => {
      const rows = await takeOutbox(tx, AT_ONCE);
      for (const { subject, event } of rows) {
        const { id, type } = event;
        const body = JSON.stringify([event]);
        await publisher.publish({ subject, body, id, type, headers, ...NO_LANE });
      }
      const positions = rows.map(({ position }) => position);
      if (rows.length > 0) await deleteOutbox(tx, positions);
      return rows.length;
    });

  async function doSome(): Promise<boolean> {
    try {
      return (await sendSome()) === AT_ONCE;
    } finally {
      // Above all while nothing can be sent.
      waiting.set(await countOutbox(db));
    }
  }
  return pollWork({ name: 'telling events', everyMs: LOOK_EVERY_MS, log, doSome });
}
