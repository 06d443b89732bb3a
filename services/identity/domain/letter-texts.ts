import type { LetterKind } from '@florin/contracts';

export interface LetterFacts {
  name: string;
  /** Where a token is used up, for letters that carry one. */
  link?: string;
  /** When something ends or will happen, RFC 3339. */
  at?: string;
}

export interface LetterText {
  subject: string;
  text: string;
}

const unasked = 'If this was not you, change your password and end your other sessions.';

const TEXTS: Record<LetterKind, (facts: LetterFacts) => LetterText> = {
  'verify-email': ({ link, at }) => ({
    subject: 'Confirm your e-mail address',
    text: `Please confirm that this address is yours:\n\n${link}\n\nThe link works until ${at}.`,
  }),
  'already-registered': () => ({
    subject: 'You have an account already',
    text:
      'Somebody, perhaps you, tried to open an account with this address. You have one: sign in ' +
      'as usual, or ask for a new password. Nothing was changed.',
  }),
  'change-email': ({ link, at }) => ({
    subject: 'Confirm your new e-mail address',
    text:
      `Your account is to have this address. Please confirm that it is yours:\n\n${link}\n\n` +
      `The link works until ${at}. Until then you sign in with your old address.`,
  }),
  'email-changed': ({ at }) => ({
    subject: 'Your e-mail address was changed',
    text: `Your account has had another address since ${at}. ${unasked}`,
  }),
  'reset-password': ({ link, at }) => ({
    subject: 'Choose a new password',
    text:
      `Here you choose a new password:\n\n${link}\n\nThe link works once, until ${at}. If you ` +
      'did not ask for it, ignore this letter: your password stays as it is.',
  }),
  'password-changed': ({ at }) => ({
    subject: 'Your password was changed',
    text: `Your password was changed at ${at}, and your other sessions have ended. ${unasked}`,
  }),
  'two-factor-changed': ({ at }) => ({
    subject: 'Your second factor was changed',
    text: `How you prove a second factor was changed at ${at}. ${unasked}`,
  }),
  'new-device': ({ at }) => ({
    subject: 'A new device signed in',
    text: `A device that we have not seen before signed in to your account at ${at}. ${unasked}`,
  }),
  'erasure-scheduled': ({ at }) => ({
    subject: 'Your account will be erased',
    text: `What we know of you will be erased at ${at}. Sign in before then to keep your account.`,
  }),
  'export-ready': () => ({
    subject: 'Your data was exported',
    text: `All that we hold about you was exported from your account. ${unasked}`,
  }),
};

export function letterText(kind: LetterKind, facts: LetterFacts): LetterText {
  const { subject, text } = TEXTS[kind](facts);
  return { subject, text: `Dear ${facts.name},\n\n${text}\n\nFlorin\n` };
}
