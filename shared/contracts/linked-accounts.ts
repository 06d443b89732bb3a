import { z } from 'zod';
import { bankAccount, bankName, id, plainText, timestamp } from './schema-fields.ts';

/** Somebody's account at a bank, proven at the provider of links to be theirs. */
export const linkedAccount = z.object({
  id,
  bank: bankName,
  bankAccount: bankAccount.meta({ description: 'What deposits and withdrawals name it by' }),
  institution: z.string().meta({ description: 'Where it is', examples: ['First Bank'] }),
  name: z.string().meta({ description: 'What its bank calls it', examples: ['Checking'] }),
  mask: z.string().meta({ description: 'Its last characters', examples: ['6789'] }),
  createdAt: timestamp,
});
export type LinkedAccount = z.infer<typeof linkedAccount>;

export const linkTokenBody = z.strictObject({ bank: bankName });

const token = plainText(500)
  .min(1)
  .meta({ examples: ['link-5f0c'] });

export const linkTokenView = z.object({
  linkToken: token,
  expiresAt: timestamp,
});
export const linkAccountBody = z.strictObject({
  linkToken: token.meta({ description: 'As it was given to the same person' }),
  publicToken: token.meta({ description: 'What the provider gave the person’s browser' }),
});

const owned = { ownerId: id, id };
const noProvider = z.object({ ok: z.literal(false), code: z.literal('bank-unavailable') });

/** What may be asked of banking about linked accounts. Of others’ it knows nothing: null. */
export const LINKING_REQUESTS = {
  createLinkToken: {
    subject: 'rpc.banking.create-link-token',
    request: z.object({ ownerId: id, bank: bankName }),
    response: z.union([
      z.object({ ok: z.literal(true), ...linkTokenView.shape }),
      z.object({ ok: z.literal(false), code: z.literal('not-found') }),
      noProvider,
    ]),
  },
  /** The same tokens again answer the same account. */
  linkAccount: {
    subject: 'rpc.banking.link-account',
    request: z.object({ ownerId: id, linkToken: token, publicToken: token }),
    response: z.union([
      z.object({ ok: z.literal(true), account: linkedAccount }),
      z.object({ ok: z.literal(false), code: z.enum(['invalid-token', 'limit-exceeded']) }),
      noProvider,
    ]),
  },
  getLinkedAccount: {
    subject: 'rpc.banking.get-linked-account',
    request: z.object(owned),
    response: z.object({ account: linkedAccount.nullable() }),
  },
  /** Newest first. */
  listLinkedAccounts: {
    subject: 'rpc.banking.list-linked-accounts',
    request: z.object({
      ownerId: id,
      cursor: z.string().max(200).optional(),
      limit: z.number().int().min(1).max(100),
    }),
    response: z.object({ items: z.array(linkedAccount), nextCursor: z.string().nullable() }),
  },
  removeLinkedAccount: {
    subject: 'rpc.banking.remove-linked-account',
    request: z.object(owned),
    response: z.object({ removed: z.boolean() }),
  },
} as const;
