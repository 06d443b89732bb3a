import { z } from 'zod';
import { envelopeOf } from './envelope.ts';
import { id } from './schema-fields.ts';

/** The languages that letters are written in. */
export const LOCALES = ['en', 'de'] as const;
export type Locale = (typeof LOCALES)[number];

/** Why somebody is written to. The last token of the letter's subject. */
export const LETTER_KINDS = [
  'verify-email',
  'already-registered',
  'change-email',
  'email-changed',
  'reset-password',
  'password-changed',
  'two-factor-changed',
  'new-device',
  'erasure-scheduled',
  'export-ready',
] as const;
export type LetterKind = (typeof LETTER_KINDS)[number];

export const LETTER_TYPE = 'florin.letter-written.v1';

/**
 * A letter waits to be sent. Only named here, because streams keep what must be forgettable: who
 * sends it asks identity for address and text (IDENTITY_REQUESTS.getLetter).
 */
export const letterWritten = envelopeOf(
  LETTER_TYPE,
  z.object({ letterId: id, userId: id, kind: z.enum(LETTER_KINDS) }),
);
export type LetterWritten = z.infer<typeof letterWritten>;

/** What one message of the notify stream holds. */
export const letterBatch = z.array(letterWritten).min(1);

export const letterSubject = (kind: LetterKind): string => `mail.${kind}`;
export const LETTER_FILTER = 'mail.*';

/** A letter as it is sent, to be read in the language of whoever gets it. */
export const letter = z.object({
  id,
  kind: z.enum(LETTER_KINDS),
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  /** The same in other languages than English. */
  translations: z.object({ de: z.object({ subject: z.string(), text: z.string() }) }).optional(),
  createdAt: z.string(),
});
export type Letter = z.infer<typeof letter>;
