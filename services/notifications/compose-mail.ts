import {
  MESSAGE_KINDS,
  type Letter,
  type Locale,
  type MessageKind,
  type User,
} from '@florin/contracts';
import type { OutgoingMail } from './adapters/mail-transport.ts';
import { htmlOf } from './domain/mail-layout.ts';
import { digestText, noticeText, type MailText } from './domain/mail-texts.ts';
import type { ClaimedMail } from './sql/mails.ts';

export const OPERATOR_DIGEST = 'operator-digest';

interface ComposeDeps {
  /** Null once its user was erased. */
  readLetter(id: string): Promise<Letter | null>;
  readUser(id: string): Promise<User | null>;
  localeOf(userId: string): Promise<Locale>;
  /** Where operators read what could not be delivered. */
  operatorAddress: string | undefined;
}

interface Composed extends MailText {
  to: string;
  locale: Locale;
}

const isNotice = (kind: string): kind is MessageKind =>
  (MESSAGE_KINDS as readonly string[]).includes(kind);

/**
 * Writes a mail, just before it is sent: whoever was erased meanwhile gets none.
 * @returns a function that answers undefined where there is nobody to write to. Letters about an
 *   account go to the address that they are for; notices only to one that its owner has confirmed
 */
export function createComposeMail(deps: ComposeDeps) {
  async function noticeOf({ userId, facts }: ClaimedMail, kind: MessageKind) {
    const user = await deps.readUser(userId);
    if (user?.emailVerified !== true) return undefined;
    const locale = await deps.localeOf(userId);
    return { to: user.email, locale, ...noticeText(kind, locale, user.name, facts) };
  }

  async function letterOf({ id, userId }: ClaimedMail): Promise<Composed | undefined> {
    const letter = await deps.readLetter(id);
    if (letter === null) return undefined;
    const { to, subject, text, translations } = letter;
    const locale = translations === undefined ? 'en' : await deps.localeOf(userId);
    const written = locale === 'de' ? translations?.de : undefined;
    return { to, locale, subject: written?.subject ?? subject, text: written?.text ?? text };
  }

  function digestOf({ facts }: ClaimedMail): Composed | undefined {
    const { operatorAddress: to } = deps;
    if (to === undefined) return undefined;
    const { from = '', until = '', failed, unknown, webhooks } = facts;
    const failures = {
      failed: Number(failed),
      unknown: Number(unknown),
      webhooks: Number(webhooks),
    };
    return { to, locale: 'en', ...digestText(from, until, failures) };
  }

  return async (mail: ClaimedMail): Promise<OutgoingMail | undefined> => {
    const { kind } = mail;
    const composed =
      kind === OPERATOR_DIGEST
        ? digestOf(mail)
        : await (isNotice(kind) ? noticeOf(mail, kind) : letterOf(mail));
    if (composed === undefined) return undefined;
    const { to, subject, text, locale } = composed;
    const html = htmlOf(locale, subject, text);
    return { id: mail.id, to, subject, text, html, createdAt: mail.createdAt };
  };
}

export type ComposeMail = ReturnType<typeof createComposeMail>;
