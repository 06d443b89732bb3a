import {
  createEnvelope,
  LABEL_SUBJECT,
  LABEL_TYPE,
  NO_LANE,
  type FraudLabel,
} from '@florin/contracts';
import { faultText, type Clock } from '@florin/kernel';
import type { Publisher } from '@florin/messaging';
import { retry, type Logger } from '@florin/runtime';
import { isTransient } from '@florin/postgres';
import type pg from 'pg';
import { labelTold, recordLabel, untoldLabels, type LabelRow } from '../sql/labels.ts';

/** How often to look for labels that were written down and not told. */
const SWEEP_MS = 10_000;

export interface LabelBook {
  /** True when it was news. Resolves when it is written down and the stream has it. */
  record(label: FraudLabel): Promise<boolean>;
  /** As `record`, in the background and for as long as it takes. */
  note(label: FraudLabel): void;
  /** Resolves when everything noted is written down. */
  settled(): Promise<void>;
  stop(): void;
}

/**
 * Labels are written down first, because only that tells whether they are news, and are told then.
 * A label that could not be told is told later, under the id that it has for ever.
 */
export function createLabelBook(deps: {
  pool: pg.Pool;
  publisher: Pick<Publisher, 'publish'>;
  clock: Clock;
  log: Logger;
}): LabelBook {
  const { pool, publisher, clock, log } = deps;
  const stopping = new AbortController();
  const noted = new Set<Promise<unknown>>();

  async function write(label: FraudLabel): Promise<boolean> {
    const values = [
      label.transactionId,
      label.source,
      label.label,
      label.walletId,
      label.counterpartyWalletId ?? null,
      label.deviceId ?? null,
      label.address ?? null,
      label.reportedBy,
      new Date(clock.nowMs()).toISOString(),
    ];
    const { rowCount } = await pool.query({ ...recordLabel, values });
    return rowCount === 1;
  }

  async function tellAll(): Promise<void> {
    const { rows } = await pool.query<LabelRow>(untoldLabels);
    for (const row of rows) {
      await tell(row);
      const values = [row.transaction_id, row.source, row.label];
      await pool.query({ ...labelTold, values });
    }
  }

  async function tell(row: LabelRow): Promise<void> {
    const id = `label-${row.transaction_id}-${row.source}-${row.label}`;
    const event = createEnvelope(LABEL_TYPE, {
      id,
      source: 'florin/fraud',
      wallet: row.wallet_id,
      time: row.labelled_at.toISOString(),
      data: labelOf(row),
      causationId: row.transaction_id,
    });
    await publisher.publish({
      subject: LABEL_SUBJECT,
      body: JSON.stringify([event]),
      id,
      type: LABEL_TYPE,
      ...NO_LANE,
    });
  }

  const sweep = (): void => {
    tellAll().catch((error: unknown) => {
      log.warn({ problem: faultText(error) }, 'labels are told later');
    });
  };
  const sweeping = setInterval(sweep, SWEEP_MS);

  return {
    async record(label) {
      const isNews = await write(label);
      await tellAll();
      return isNews;
    },
    note(label) {
      const writing: Promise<void> = retry(() => write(label), {
        attempts: Infinity,
        baseMs: 100,
        capMs: 5_000,
        signal: stopping.signal,
        isRetryable: isTransient,
      })
        .then((isNews) => (isNews ? sweep() : undefined))
        .catch((error: unknown) => {
          log.error({ err: error, transactionId: label.transactionId }, 'a label was not written');
        })
        .finally(() => noted.delete(writing));
      noted.add(writing);
    },
    async settled() {
      await Promise.all(noted);
    },
    stop() {
      stopping.abort();
      clearInterval(sweeping);
    },
  };
}

const labelOf = (row: LabelRow): FraudLabel => ({
  transactionId: row.transaction_id,
  walletId: row.wallet_id,
  ...(row.counterparty_wallet_id !== null && { counterpartyWalletId: row.counterparty_wallet_id }),
  ...(row.device_id !== null && { deviceId: row.device_id }),
  ...(row.address !== null && { address: row.address }),
  label: row.label,
  source: row.source,
  reportedBy: row.reported_by,
});
