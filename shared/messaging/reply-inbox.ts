import { createInbox } from '@nats-io/transport-node';
import type { Msg } from '@nats-io/transport-node';
import type { Bus } from './connect.ts';

/** `_INBOX.` and at least two more tokens of plain letters: no wildcard, no other subject tree. */
const REPLY_SUBJECT = /^_INBOX(\.[A-Za-z0-9_-]{1,64}){2,6}$/;

/**
 * Whether an answer may be sent to this subject. A subject that comes from outside could otherwise
 * make the receiver publish anywhere, with the receiver's permissions.
 */
export const isReplySubject = (subject: string): boolean => REPLY_SUBJECT.test(subject);

/**
 * Where the answers to a question arrive: `_INBOX.gateway.ledger` for `rpc.ledger.get-wallets`.
 * The name of who answers is part of it, and nobody else may publish there.
 */
export const answersOf = (inboxPrefix: string, question: string): string =>
  `${inboxPrefix}.${question.split('.')[1] ?? ''}`;

export interface ReplyInbox {
  /** What others answer to. */
  readonly subject: string;
  close(): void;
  [Symbol.dispose](): void;
}

/**
 * Hears answers on one subject of this process, for as long as it runs: plain messages, no storage.
 * Where several may be waiting, the answer's content says for whom it is.
 * @param subject where it has a name that others compute; a fresh inbox otherwise
 */
export function openReplyInbox(
  bus: Bus,
  onAnswer: (message: Msg) => void,
  subject: string = createInbox(bus.inboxPrefix),
): ReplyInbox {
  const subscription = bus.nc.subscribe(subject, {
    callback: (error, message) => {
      if (error === null) onAnswer(message);
      else bus.log.error({ err: error, subject }, 'answers can not be received');
    },
  });
  const close = (): void => subscription.unsubscribe();
  return { subject, close, [Symbol.dispose]: close };
}
