import { IDENTITY_REQUESTS } from '@florin/contracts';
import { faultText } from '@florin/kernel';
import { request, type Bus } from '@florin/messaging';
import type { Database } from '@florin/postgres';
import type { Service } from '@florin/runtime';
import { createMailFolder } from './adapters/mail-folder.ts';
import type { MailTransport } from './adapters/mail-transport.ts';
import { createSmtpTransport } from './adapters/smtp-transport.ts';
import { createComposeMail } from './compose-mail.ts';
import type { NotificationsConfig } from './config.ts';
import { createMailSender } from './send-mails.ts';
import { mailsOf } from './sql/mails.ts';
import { findPreferences } from './sql/preferences.ts';
import { createWriteDigest } from './write-digest.ts';

/** All of a server's answers to one mail, and some time to write down what came of it. */
const sendingMsOf = (smtpTimeoutMs: number): number => 2 * smtpTimeoutMs + 10_000;

function openTransport(config: NotificationsConfig): MailTransport | undefined {
  const { smtpUrl: url, smtpConnections: connections, smtpTimeoutMs: timeoutMs } = config;
  if (url !== undefined) {
    return createSmtpTransport({ url, from: config.mailFrom, connections, timeoutMs });
  }
  return config.mailFolder === undefined ? undefined : createMailFolder(config.mailFolder);
}

export interface Mails {
  /** Some may be due. */
  wake(): void;
  /** Removes what copies there are of a person's mails; before their rows are forgotten. */
  forgetCopies(userId: string): Promise<void>;
}

/** Lets mails go out, by the way that the configuration names. Without any they wait. */
export function startMails(
  service: Service,
  bus: Bus,
  db: Database['slonik'],
  config: NotificationsConfig,
): Mails {
  const { clock, log, metrics, onStop } = service;
  const transport = openTransport(config);
  if (transport === undefined) {
    log.warn('neither SMTP_URL nor MAIL_FOLDER is given: mails wait, and none goes out');
    return { wake: () => undefined, forgetCopies: async () => undefined };
  }
  onStop('mail transport', async () => transport.close());
  const { operatorAddress, mailRetries: retrySchedule, pollMs, digestMs: periodMs } = config;
  const sender = createMailSender({
    db,
    transport,
    compose: createComposeMail({
      readLetter: async (id) => (await request(bus, IDENTITY_REQUESTS.getLetter, { id })).letter,
      readUser: async (id) => (await request(bus, IDENTITY_REQUESTS.getUser, { id })).user,
      localeOf: async (userId) => (await findPreferences(db, userId)).locale,
      operatorAddress,
    }),
    clock,
    log,
    metrics,
    concurrency: config.smtpConnections,
    sendingMs: sendingMsOf(config.smtpTimeoutMs),
    retrySchedule,
    pollMs,
  });
  onStop('mails', () => sender.stop());
  sender.start();
  if (operatorAddress !== undefined) {
    const writeDigest = createWriteDigest({ db, clock, periodMs });
    const write = (): void =>
      void writeDigest().catch((error: unknown) => {
        log.warn({ reason: faultText(error) }, 'the digest can not be written now');
      });
    const writing = setInterval(write, Math.max(1_000, periodMs / 24));
    onStop('digest', async () => clearInterval(writing));
  }
  return {
    wake: sender.wake,
    forgetCopies: async (userId) => transport.forget(await mailsOf(db, userId)),
  };
}
