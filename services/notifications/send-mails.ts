import { faultText, RetryableError, type Clock } from '@florin/kernel';
import { isTransient, type Database } from '@florin/postgres';
import { pollWork, type Logger, type Metrics, type PolledWork } from '@florin/runtime';
import type { MailTransport } from './adapters/mail-transport.ts';
import type { ComposeMail } from './compose-mail.ts';
import { retryDelayMs } from './domain/retry-schedule.ts';
import {
  beginSending,
  claimMails,
  endMail,
  giveUpOnUnknown,
  longestWait,
  postponeMail,
  type ClaimedMail,
  type MailEnd,
} from './sql/mails.ts';

/** What is to be read later than this is of no use, and its links have ended. */
const TOO_OLD_MS = 3 * 24 * 3_600_000;
const WRITING_MS = 30_000;

interface SendDeps {
  db: Database['slonik'];
  transport: MailTransport;
  compose: ComposeMail;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  concurrency: number;
  /** Longer than any attempt takes. */
  sendingMs: number;
  retrySchedule: readonly number[];
  pollMs: number;
  random?: () => number;
}

export interface MailSender {
  start(): void;
  /** Something may be due. */
  wake(): void;
  /** Takes up nothing more; resolves when what is under way has been written down. */
  stop(): Promise<void>;
}

/**
 * Sends what is due, each mail at most once: before a server can have it, it is written down that
 * one may, and from then on only that server's clear no lets it be sent again.
 */
export function createMailSender(deps: SendDeps): MailSender {
  const { db, transport, clock, log, metrics, random = Math.random } = deps;
  const ended = metrics.counter({
    name: 'mails_total',
    help: 'Mails by what became of them; `again` counts attempts that will be repeated',
    labelNames: ['outcome'],
  });
  // A counter that is not there yet can't grow.
  for (const outcome of ['sent', 'failed', 'unknown']) ended.inc({ outcome }, 0);
  const waiting = metrics.gauge({
    name: 'mails_waiting_seconds',
    help: 'How long the longest waiting mail has waited, of all processes together',
  });
  const now = (): Date => new Date(clock.nowMs());

  async function end(mail: ClaimedMail, state: MailEnd, problem: string | null): Promise<void> {
    const isKnown = await endMail(db, mail, state, problem, now());
    if (!isKnown) await transport.forget([mail.id]);
    ended.inc({ outcome: state });
  }

  async function again(mail: ClaimedMail, problem: string): Promise<void> {
    const delayMs = retryDelayMs(deps.retrySchedule, mail.attempts, random());
    if (delayMs === undefined) return end(mail, 'failed', problem);
    await postponeMail(db, mail, new Date(clock.nowMs() + delayMs), problem);
    ended.inc({ outcome: 'again' });
  }

  async function attempt(mail: ClaimedMail): Promise<void> {
    const nowMs = clock.nowMs();
    if (nowMs - mail.createdAt.getTime() > TOO_OLD_MS) return end(mail, 'failed', 'too old');
    const written = await deps.compose(mail);
    if (written === undefined) return end(mail, 'skipped', 'there is nobody to write to');
    if (!(await beginSending(db, mail, new Date(clock.nowMs() + deps.sendingMs)))) return;
    const sent = await transport.send(written);
    if (sent.outcome === 'again') await again(mail, sent.problem);
    else await end(mail, sent.outcome, sent.outcome === 'sent' ? null : sent.problem);
  }

  async function attemptSafely(mail: ClaimedMail): Promise<void> {
    try {
      await attempt(mail);
    } catch (error) {
      // Nothing of it was sent, or it is written down that it may have been.
      const isExpected = error instanceof RetryableError || isTransient(error);
      const fields = { err: error, mailId: mail.id, kind: mail.kind };
      log[isExpected ? 'warn' : 'error'](fields, `a mail has to wait: ${faultText(error)}`);
    }
  }

  async function round(): Promise<boolean> {
    const lost = await giveUpOnUnknown(db, now());
    if (lost > 0) ended.inc({ outcome: 'unknown' }, lost);
    const until = new Date(clock.nowMs() + WRITING_MS);
    const claimed = await claimMails(db, now(), until, deps.concurrency);
    await Promise.all(claimed.map(attemptSafely));
    waiting.set(await longestWait(db));
    return claimed.length === deps.concurrency;
  }

  let work: PolledWork | undefined;
  return {
    start() {
      work ??= pollWork({ name: 'sending mails', everyMs: deps.pollMs, log, doSome: round });
    },
    wake: () => work?.wake(),
    stop: async () => work?.stop(),
  };
}
