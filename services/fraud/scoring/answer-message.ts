import { laneSubject, readyMessageId } from '@florin/contracts';
import type { Incoming } from '@florin/messaging';
import type { InitiatedMessage } from '../domain/initiated-message.ts';
import { scoredBody, unscoredBody } from '../domain/ready-body.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { Answer } from './answer.ts';

/**
 * The one ready message that answers an initiated one. Its id follows from that one's: whoever else
 * answers it, the stream keeps the first.
 * @param verdicts one an order, or none while nobody is asked
 */
export function answerOf(
  message: InitiatedMessage,
  verdicts: Verdict[],
  incoming: Incoming,
): Answer {
  const { sequence, partition, wallet, type, orders, refusals, headers } = message;
  const ready = {
    subject: laneSubject('ready', partition, wallet),
    body: verdicts.length > 0 ? scoredBody(verdicts) : unscoredBody(orders),
    id: readyMessageId(message.id),
    type,
    wallet,
    partition,
    headers,
  };
  return {
    sequence,
    messageId: message.id,
    storedAtMs: incoming.time.getTime(),
    ready: orders.length > 0 ? ready : undefined,
    wallets: orders.map(({ transaction }) => transaction.walletId),
    verdicts,
    buried: refusals.length > 0 ? { incoming, reasons: refusals } : undefined,
  };
}
