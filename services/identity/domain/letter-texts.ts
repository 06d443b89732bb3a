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

type Texts = Record<LetterKind, (facts: LetterFacts) => LetterText>;

const ENGLISH: Texts = {
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

const unaskedInGerman =
  'Wenn du das nicht warst, ändere dein Passwort und beende deine anderen Sitzungen.';

const GERMAN: Texts = {
  'verify-email': ({ link, at }) => ({
    subject: 'Bestätige deine E-Mail-Adresse',
    text: `Bitte bestätige, dass dies deine Adresse ist:\n\n${link}\n\nDer Link gilt bis ${at}.`,
  }),
  'already-registered': () => ({
    subject: 'Du hast schon ein Konto',
    text:
      'Jemand, vielleicht du, wollte mit dieser Adresse ein Konto eröffnen. Du hast schon eines: ' +
      'melde dich wie immer an, oder lass dir ein neues Passwort geben. Geändert wurde nichts.',
  }),
  'change-email': ({ link, at }) => ({
    subject: 'Bestätige deine neue E-Mail-Adresse',
    text:
      `Dein Konto soll diese Adresse bekommen. Bitte bestätige, dass es deine ist:\n\n${link}\n\n` +
      `Der Link gilt bis ${at}. Bis dahin meldest du dich mit der alten Adresse an.`,
  }),
  'email-changed': ({ at }) => ({
    subject: 'Deine E-Mail-Adresse wurde geändert',
    text: `Dein Konto hat seit ${at} eine andere Adresse. ${unaskedInGerman}`,
  }),
  'reset-password': ({ link, at }) => ({
    subject: 'Wähle ein neues Passwort',
    text:
      `Hier wählst du ein neues Passwort:\n\n${link}\n\nDer Link gilt einmal, bis ${at}. Wenn du ` +
      'nicht darum gebeten hast, tu nichts: Dein Passwort bleibt, wie es ist.',
  }),
  'password-changed': ({ at }) => ({
    subject: 'Dein Passwort wurde geändert',
    text:
      `Dein Passwort wurde um ${at} geändert, und deine anderen Sitzungen sind beendet. ` +
      unaskedInGerman,
  }),
  'two-factor-changed': ({ at }) => ({
    subject: 'Dein zweiter Faktor wurde geändert',
    text: `Um ${at} wurde geändert, wie du einen zweiten Faktor nachweist. ${unaskedInGerman}`,
  }),
  'new-device': ({ at }) => ({
    subject: 'Ein neues Gerät hat sich angemeldet',
    text:
      `Ein Gerät, das wir nicht kennen, hat sich um ${at} bei deinem Konto angemeldet. ` +
      unaskedInGerman,
  }),
  'erasure-scheduled': ({ at }) => ({
    subject: 'Dein Konto wird gelöscht',
    text:
      `Was wir von dir wissen, wird um ${at} gelöscht. Melde dich vorher an, um dein Konto zu ` +
      'behalten.',
  }),
  'export-ready': () => ({
    subject: 'Deine Daten wurden ausgegeben',
    text: `Alles, was wir über dich haben, wurde aus deinem Konto ausgegeben. ${unaskedInGerman}`,
  }),
};

/** A letter in every language: which one is sent is for its reader to choose. */
export function letterText(
  kind: LetterKind,
  facts: LetterFacts,
): LetterText & { translations: { de: LetterText } } {
  const english = ENGLISH[kind](facts);
  const german = GERMAN[kind](facts);
  return {
    subject: english.subject,
    text: `Dear ${facts.name},\n\n${english.text}\n\nFlorin\n`,
    translations: {
      de: { subject: german.subject, text: `Hallo ${facts.name},\n\n${german.text}\n\nFlorin\n` },
    },
  };
}
