import { NO_LANE } from '@florin/contracts';
import { faultText } from '@florin/kernel';
import type { Publisher } from '@florin/messaging';
import type { Database } from '@florin/postgres';
import type { Logger, Metrics } from '@florin/runtime';
import { countOutbox, deleteOutbox, takeOutbox, type OutboxRow } from '../sql/take-outbox.ts';

const AT_ONCE = 100;
/** What another instance left behind when it was killed is found by then. */
const LOOK_EVERY_MS = 1_000;

interface RelayDeps {
  db: Database['slonik'];
  publisher: Pick<Publisher, 'publish'>;
  log: Logger;
  metrics: Metrics;
}

export interface OutboxRelay {
  /** There is something new. */
  wake(): void;
  /** Resolves when what is under way has been stored or given up. */
  stop(): Promise<void>;
}

/**
 * Publishes what the outbox holds, at least once: rows are deleted in the same database transaction
 * that took them, after the stream has acknowledged. The id of an event is that of its message, so
 * that a repetition adds nothing.
 */
export function createOutboxRelay(deps: RelayDeps): OutboxRelay {
  const { db, publisher, log, metrics } = deps;
  const published = metrics.counter({
    name: 'identity_events_published_total',
    help: 'Events and announcements of letters that the streams have stored',
  });
  const waiting = metrics.gauge({
    name: 'identity_outbox_waiting',
    help: 'Events and announcements of letters that no stream has stored yet',
  });
  let running: Promise<void> | undefined;
  let again = false;
  let stopped = false;

  async function send({ subject, event }: OutboxRow): Promise<void> {
    const { id, type } = event;
    const body = JSON.stringify([event]);
    await publisher.publish({ subject, body, id, type, ...NO_LANE });
    published.inc();
  }

  const sendSome = (): Promise<number> =>
    db.transaction(async (tx) => {
      const rows = await takeOutbox(tx, AT_ONCE);
      for (const row of rows) await send(row);
      if (rows.length > 0) {
        await deleteOutbox(
          tx,
          rows.map(({ position }) => position),
        );
      }
      return rows.length;
    });

  async function run(): Promise<void> {
    try {
      do {
        again = false;
        while (!stopped && (await sendSome()) === AT_ONCE);
      } while (again && !stopped);
    } finally {
      waiting.set(await countOutbox(db));
    }
  }

  function wake(): void {
    again = true;
    if (running !== undefined || stopped) return;
    running = run()
      .catch((error: unknown) => log.warn(`the outbox could not be sent: ${faultText(error)}`))
      .finally(() => (running = undefined));
  }

  const timer = setInterval(wake, LOOK_EVERY_MS);
  return {
    wake,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await running;
    },
  };
}
