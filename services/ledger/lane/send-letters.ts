import { createEnvelope, laneSubject, MANY_WALLETS, partitionOf } from '@florin/contracts';
import { faultText, uuidv7 } from '@florin/kernel';
import type { OutgoingMessage, Publisher } from '@florin/messaging';
import type { Logger } from '@florin/runtime';
import type { Letter } from '../domain/changes.ts';

/** A few hundred kB: below what a nats-server takes, with descriptions and metadata. */
const MESSAGE_LETTERS_MAX = 50;

export interface SendLettersOptions {
  publisher: Publisher;
  partitions: number;
  log: Logger;
}

/**
 * Puts letters into the lanes of their wallets, those of one lane together. Best effort: whoever
 * hears no answer asks again. So each has a new id, as the stream would drop the same one.
 */
export function createSendLetters({ publisher, partitions, log }: SendLettersOptions) {
  return function sendLetters(letters: readonly Letter[]): void {
    if (letters.length === 0) return;
    const time = new Date().toISOString();
    const byLane = Map.groupBy(letters, ({ wallet }) => partitionOf(wallet, partitions));
    for (const [partition, all] of byLane) {
      for (let start = 0; start < all.length; start += MESSAGE_LETTERS_MAX) {
        const some = all.slice(start, start + MESSAGE_LETTERS_MAX);
        publisher.publish(messageOf(partition, some, time)).catch((error: unknown) => {
          log.warn({ partition, problem: faultText(error) }, 'letters are sent again later');
        });
      }
    }
  };
}

function messageOf(partition: number, letters: readonly Letter[], time: string): OutgoingMessage {
  const [first] = letters as [Letter];
  const wallet = letters.length === 1 ? first.wallet : MANY_WALLETS;
  const envelopes = letters.map(({ type, transactionId, wallet: to, data }) =>
    createEnvelope(type, {
      id: transactionId,
      source: 'florin/ledger',
      wallet: to,
      time,
      data,
      causationId: transactionId,
    }),
  );
  return {
    subject: laneSubject('ready', partition, wallet),
    body: JSON.stringify(envelopes),
    id: uuidv7(),
    type: first.type,
    wallet,
    partition,
  };
}
