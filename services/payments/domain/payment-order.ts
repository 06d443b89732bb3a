import { hash } from 'node:crypto';
import type { TransactionOrder } from '@florin/contracts';
import { timeOfUuidv7, uuidFromDigest } from '@florin/kernel';

type Transfer = Extract<TransactionOrder, { type: 'transfer' }>;

/** As much of a SHA-256 as the ledger keeps of a request to recognise it. */
const FINGERPRINT_BYTES = 16;

/**
 * An id that always stands for the same thing. Where what it derives from is time-ordered, so is
 * the id: new transactions are neighbours in the ledger's index.
 */
const derivedId = (text: string, timeMs: number | undefined): string =>
  uuidFromDigest(hash('sha256', text, 'buffer'), timeMs);

/** The transaction of one try at an occurrence, for ever: sent again it is the same one. */
export const occurrenceTransactionId = (
  scheduleId: string,
  occurrence: { number: number; plannedForMs: number; attempt: number },
): string =>
  derivedId(
    `occurrence\n${scheduleId}\n${occurrence.number}\n${occurrence.attempt}`,
    occurrence.plannedForMs,
  );

/** The transaction of one try to pay what was asked for. */
export const requestTransactionId = (
  paymentRequestId: string,
  attempt: number,
  timeMs: number,
): string => derivedId(`payment-request\n${paymentRequestId}\n${attempt}`, timeMs);

/** The transaction of a line of a file. */
export const lineTransactionId = (fileId: string, line: number): string =>
  derivedId(`bulk-file\n${fileId}\n${line}`, timeOfUuidv7(fileId));

export type TransferFields = Omit<Transfer, 'type' | 'bodyHash'>;

/**
 * A transfer for the lane of its payer. Its hash is of all that it says, so that the ledger knows
 * it when it comes again, and anything else under its id is refused.
 */
export function transferOrder(fields: TransferFields): Transfer {
  const { metadata = {} } = fields;
  const said = [
    fields.transactionId,
    fields.clientId,
    fields.walletId,
    fields.counterpartyWalletId,
    fields.amount,
    fields.currency,
    fields.description ?? null,
    Object.keys(metadata)
      .toSorted()
      .map((key) => [key, metadata[key]]),
  ];
  const digest = hash('sha256', JSON.stringify(said), 'buffer');
  const bodyHash = digest.toString('base64url', 0, FINGERPRINT_BYTES);
  return { ...fields, type: 'transfer', bodyHash };
}
