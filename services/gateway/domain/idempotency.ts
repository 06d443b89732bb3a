import { hash } from 'node:crypto';
import {
  asTransactionId,
  asWalletId,
  timeOfUuidv7,
  uuidFromDigest,
  type ClientId,
  type TransactionId,
  type WalletId,
} from '@florin/kernel';

/** 128 bits of SHA-256: as much as the ledger keeps of a request to recognise it. */
const FINGERPRINT_BYTES = 16;

const idFrom = (text: string, key: string): string =>
  uuidFromDigest(hash('sha256', text, 'buffer'), timeOfUuidv7(key));

/**
 * The transaction that a client's key stands for, for ever. A key that is a UUIDv7 lends its time
 * to the id, so that new transactions are neighbours in the ledger's index.
 */
export const transactionIdOf = (client: ClientId, key: string): TransactionId =>
  asTransactionId(idFrom(`${client}\n${key}`, key));

/** One item of a bulk: an own transaction, found again by the same key and position. */
export const bulkItemIdOf = (client: ClientId, key: string, index: number): TransactionId =>
  asTransactionId(idFrom(`${client}\n${key}#${index}`, key));

/** The wallet that a client's key opens. The prefix keeps it apart from transactions. */
export const walletIdOf = (client: ClientId, key: string): WalletId =>
  asWalletId(idFrom(`wallet\n${client}\n${key}`, key));

/** The file that a client's key stands for. */
export const bulkFileIdOf = (client: ClientId, key: string): string =>
  idFrom(`bulk file\n${client}\n${key}`, key);

/** The payment request that a client's key makes. */
export const paymentRequestIdOf = (client: ClientId, key: string): string =>
  idFrom(`payment request\n${client}\n${key}`, key);

/** The plan that a client's key stands for. */
export const scheduleIdOf = (client: ClientId, key: string): string =>
  idFrom(`schedule\n${client}\n${key}`, key);

/** The rule for rewards that a client's key makes. */
export const rewardRuleIdOf = (client: ClientId, key: string): string =>
  idFrom(`reward rule\n${client}\n${key}`, key);

/**
 * The wallet that an owner keeps for something: there is one in each currency, because its id
 * follows from what it is for, and whoever opens it a second time opens the same.
 */
export const walletOfPurpose = (ownerId: string, currency: string, purpose: string): WalletId =>
  asWalletId(idFrom(`purpose\n${ownerId}\n${currency}\n${purpose}`, ''));

/**
 * JSON with sorted members, where 2500 and "2500" as an amount are the same. Written as a loop:
 * this runs for every payment, and arrays of entries would cost three times as much.
 */
export function canonical(value: unknown): string {
  if (typeof value === 'bigint') return `"${value}"`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += `${canonical(item)},`;
    return `[${text}]`;
  }
  for (const name of Object.keys(value).toSorted()) {
    const member = (value as Record<string, unknown>)[name];
    if (member !== undefined) text += `${JSON.stringify(name)}:${canonical(member)},`;
  }
  return `{${text}}`;
}

/** Tells two requests under one key apart: method, path and what the validated body says. */
export function fingerprintOf(method: string, path: string, body: unknown): string {
  const digest = hash('sha256', `${method} ${path}\n${canonical(body)}`, 'buffer');
  return digest.toString('base64url', 0, FINGERPRINT_BYTES);
}
