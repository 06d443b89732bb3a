import { z } from 'zod';
import {
  adjustment,
  ADJUSTMENT_DIRECTIONS,
  ADJUSTMENT_SECONDS_MAX,
  ADJUSTMENT_STATUSES,
} from './adjustments.ts';
import { auditProof } from './audit-requests.ts';
import { breakerState } from './events.ts';
import { feeRules } from './fees.ts';
import { FRAUD_REQUESTS, riskDecisionRecord } from './fraud-requests.ts';
import {
  apiKey,
  application,
  consent,
  ROLES,
  SCOPES,
  session,
  tokenPair,
  user,
} from './identity-requests.ts';
import { letter, LETTER_KINDS } from './letters.ts';
import { fraudLabel } from './labels.ts';
import { kycDocument, kycKind, KYC_STATUSES, walletLimits } from './kyc.ts';
import { BULK_ITEMS_MAX, HOLD_SECONDS_MAX } from './lane-messages.ts';
import { LEDGER_REQUESTS } from './ledger-requests.ts';
import { bankReconciliation } from './statements.ts';
import { notificationPreferences, webhook } from './notification-requests.ts';
import {
  amountInput,
  bankAccount,
  currency,
  id,
  metadata,
  minorText,
  plainText,
  timestamp,
} from './schema-fields.ts';
import {
  entry,
  review,
  REVIEW_STATUSES,
  risk,
  RISK_DECISIONS,
  statementEntry,
  transaction,
  TRANSACTION_STATUSES,
  TRANSACTION_TYPES,
  wallet,
  walletPurpose,
} from './transaction.ts';

/** Bodies and answers of the REST API. Bodies are strict: an unknown field is a mistake. */

const email = z.string().trim().toLowerCase().max(254).pipe(z.email());

export const registerBody = z.strictObject({
  email,
  password: z.string().min(10).max(200),
  name: plainText(100).min(1),
});
export const loginBody = z.strictObject({
  email,
  password: z.string().min(1).max(200),
  totp: z.string().max(40).optional(),
});
export const refreshBody = z.strictObject({ refreshToken: z.string().min(1).max(500) });

const password = z.string().min(1).max(200);
const totp = z
  .string()
  .max(40)
  .optional()
  .meta({ description: 'Code of the authenticator app, or a recovery code' });
/** Checked for its strength where it is stored. */
const newPassword = z.string().min(10).max(200);
const letterToken = z.string().min(1).max(200);

export const emailBody = z.strictObject({ email });
export const letterTokenBody = z.strictObject({ token: letterToken });
export const resetPasswordBody = z.strictObject({ token: letterToken, newPassword });
export const changePasswordBody = z.strictObject({ currentPassword: password, newPassword });
export const stepUpBody = z.strictObject({ password, totp });
export const twoFactorCodeBody = z.strictObject({ code: z.string().min(1).max(40) });
export const twoFactorSetupView = z.object({ secret: z.string(), otpauthUri: z.string() });
export const recoveryCodesView = z.object({ recoveryCodes: z.array(z.string()) });
export const accessTokenView = z.object({
  accessToken: z.string(),
  tokenType: z.literal('Bearer'),
  expiresIn: z.number().int(),
});

export const profileBody = z.strictObject({ name: plainText(100).min(1) });
const shortWord = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,49}$/, {
  error: 'must be a word of a-z, 0-9, hyphens and dots',
});
export const consentBody = z.strictObject({
  purpose: shortWord,
  version: shortWord,
  granted: z.boolean(),
});
export const consentView = consent;
export const sessionView = session.extend({
  current: z.boolean().meta({ description: 'The one that asks' }),
});
export const exportQuery = z.strictObject({ format: z.enum(['json', 'zip']).default('json') });
export const exportView = z.looseObject({ exportedAt: timestamp });
export const erasureView = z.object({ eraseAfter: timestamp });
/** Over TLS, or to the user's own machine; nothing behind a hash sign (RFC 6749 §3.1.2). */
export const redirectUri = z
  .url({ abort: true })
  .max(2000)
  .refine(
    (text) => {
      const { protocol, hostname, hash } = new URL(text);
      const local = protocol === 'http:' && /^(127\.0\.0\.1|\[::1\]|localhost)$/.test(hostname);
      return (protocol === 'https:' || local) && hash === '';
    },
    { error: 'must be https, or http on this machine, without a fragment' },
  );
/** What the staff may do is never lent out. */
const lentScopes = z.array(z.enum(SCOPES.filter((scope) => scope !== 'admin'))).min(1);
export const applicationBody = z.strictObject({
  name: plainText(100).min(1),
  redirectUris: z.array(redirectUri).min(1).max(10),
  scopes: lentScopes,
  confidential: z.boolean().default(true).meta({ description: 'Whether it can keep a secret' }),
});
export const applicationView = application;
export const applicationWithSecretView = application.extend({
  clientSecret: z.string().nullable().meta({ description: 'Shown this once' }),
});
export const apiKeyBody = z.strictObject({
  name: plainText(100).min(1),
  scopes: lentScopes,
  expiresInDays: z.number().int().min(1).max(365).default(90),
});
export const apiKeyView = apiKey;
export const apiKeyWithSecretView = apiKey.extend({
  clientSecret: z.string().meta({ description: 'Shown this once' }),
});
export const signingKeyView = z.object({
  kid: z.string(),
  signsFrom: timestamp.meta({ description: 'Published before, so that everybody knows it' }),
});
export const rewrappedView = z.object({ rewrapped: z.number().int() });
export const legalHoldBody = z.strictObject({ held: z.boolean() });
export const letterView = letter.extend({
  text: z.string().nullable().meta({ description: 'Shown on development systems only' }),
});

export const clientCredentialsBody = z.object({
  grant_type: z.string().max(100),
  client_id: z.string().max(200).optional(),
  client_secret: z.string().max(500).optional(),
  refresh_token: z.string().max(500).optional(),
  scope: z.string().max(500).optional(),
  code: z.string().max(500).optional(),
  redirect_uri: z.string().max(2000).optional(),
  code_verifier: z.string().max(200).optional(),
});
export const tokenQuestionBody = z.object({
  token: z.string().max(5000),
  token_type_hint: z.string().max(100).optional(),
  client_id: z.string().max(200).optional(),
  client_secret: z.string().max(500).optional(),
});
/** RFC 6749 §4.1.1: parameters that are not known are ignored. */
export const authorizeQuery = z.object({
  response_type: z.string().max(100).optional(),
  client_id: z.string().max(200).optional(),
  redirect_uri: z.string().max(2000).optional(),
  scope: z.string().max(500).optional(),
  state: z.string().max(2000).optional(),
  code_challenge: z.string().max(200).optional(),
  code_challenge_method: z.string().max(20).optional(),
});
export const authorizeBody = authorizeQuery.extend({
  decision: z.string().max(20).optional(),
  email: z.string().max(254).default(''),
  password: z.string().max(200).default(''),
  totp: z.string().max(40).optional(),
});

export const openWalletBody = z.strictObject({
  currency,
  name: plainText(100).min(1).optional(),
  purpose: walletPurpose.optional(),
  ownerId: id.optional().meta({
    description: 'For machine clients: the user to open it for. People open their own.',
  }),
});

const payment = {
  amount: amountInput,
  description: plainText(500).optional(),
  metadata: metadata.optional(),
};

export const bankPaymentBody = z.strictObject({ walletId: id, bankAccount, ...payment });

export const transferBody = z
  .strictObject({
    fromWalletId: id,
    toWalletId: id.optional(),
    toEmail: email.optional(),
    ...payment,
  })
  .refine((body) => (body.toWalletId === undefined) !== (body.toEmail === undefined), {
    error: 'exactly one of toWalletId and toEmail is required',
  });

const HOLD_SECONDS_DEFAULT = 7 * 86_400;
export const holdBody = z.strictObject({
  walletId: id.meta({ description: 'Where the money is reserved' }),
  toWalletId: id.meta({ description: 'Who may capture it' }),
  expiresInSeconds: z.number().int().min(1).max(HOLD_SECONDS_MAX).default(HOLD_SECONDS_DEFAULT),
  ...payment,
});
export const captureBody = z.strictObject({
  amount: amountInput.optional().meta({ description: 'Without it all that is left' }),
  final: z.boolean().default(false).meta({ description: 'Releases what is left after it' }),
});
export const releaseBody = z.strictObject({});
export const reverseBody = z.strictObject({
  amount: amountInput.optional().meta({ description: 'Without it all that is left' }),
  reason: plainText(500).optional(),
});

const bulkItem = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('transfer'),
    fromWalletId: id,
    toWalletId: id,
    ...payment,
  }),
]);
export const bulkBody = z.strictObject({
  mode: z.enum(['atomic', 'continueOnFailure']),
  items: z.array(bulkItem).min(1).max(BULK_ITEMS_MAX),
});

export const SPLIT_RECIPIENTS_MAX = 100;
const splitRecipient = z
  .strictObject({
    toWalletId: id.optional(),
    toEmail: email.optional(),
    amount: amountInput,
    description: plainText(500).optional(),
  })
  .refine((one) => (one.toWalletId === undefined) !== (one.toEmail === undefined), {
    error: 'exactly one of toWalletId and toEmail is required',
  });
export const splitBody = z
  .strictObject({
    fromWalletId: id,
    amount: amountInput.meta({ description: 'What the amounts of the recipients sum to' }),
    recipients: z.array(splitRecipient).min(1).max(SPLIT_RECIPIENTS_MAX),
    description: payment.description,
    metadata: payment.metadata,
  })
  .refine(
    ({ amount, recipients }) =>
      recipients.reduce((sum, recipient) => sum + recipient.amount, 0n) === amount,
    { error: 'the amounts of the recipients must sum to it exactly', path: ['amount'] },
  );

/** A moment as people write it: RFC 3339 with any offset, or a date for its first moment, UTC. */
const momentInput = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()])
  .transform((text) => new Date(text).toISOString())
  .meta({ description: 'RFC 3339 time, or a date', examples: ['2026-01-31T12:00:00Z'] });

const limit = z
  .string()
  .regex(/^[0-9]{1,3}$/, { error: 'must be a number from 1 to 100' })
  .transform(Number)
  .pipe(z.number().int().min(1).max(100))
  .default(20)
  .meta({ description: 'Items a page, 1 to 100', default: '20' });
const cursor = z
  .string()
  .min(1)
  .max(200)
  .optional()
  .meta({ description: 'nextCursor of the page before' });
const period = { from: momentInput.optional(), to: momentInput.optional() };

export const usersQuery = z.strictObject({ email });
export const rolesBody = z.strictObject({ roles: z.array(z.enum(ROLES)).min(1).max(ROLES.length) });
export const staffUserView = user;
export const usersView = z.object({ items: z.array(user), nextCursor: z.string().nullable() });

export const kycDocumentBody = z.strictObject({
  kind: kycKind,
  file: z.file().meta({ description: 'PNG, JPEG or PDF, told by its content' }),
});
export const kycDecisionBody = z.strictObject({
  decision: z.enum(['approve', 'reject']),
  reason: plainText(500).min(1),
  validUntil: momentInput.optional().meta({ description: 'As the document says' }),
});
export const kycQuery = z.strictObject({ currency: currency.default('USD') });
export const kycListQuery = z.strictObject({
  status: z.enum(KYC_STATUSES).default('pending'),
  limit,
  cursor,
});
export const kycDecisionView = z.object({ document: kycDocument, level: z.number().int() });
export const kycView = z.object({
  level: z.number().int(),
  limits: walletLimits.extend({ currency }),
  documents: z.array(kycDocument),
});

export const pageQuery = z.strictObject({ limit, cursor });
export const eventsQuery = z.strictObject({
  after: z.string().max(40).optional().meta({ description: 'Like the header Last-Event-ID' }),
  scope: z.enum(['own', 'all']).default('own').meta({ description: '`all`: staff only' }),
});
export const webhookBody = z.strictObject({
  url: z.string().min(1).max(2000).meta({ description: 'https, on the public internet' }),
  description: plainText(200).optional(),
  eventTypes: webhook.shape.eventTypes.max(50).default([]),
});
export const webhookStatusBody = z.strictObject({ status: z.enum(['active', 'disabled']) });
export const notificationsQuery = z.strictObject({
  limit,
  cursor,
  unread: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
});
export const markReadBody = z.strictObject({ ids: z.array(id).min(1).max(100).optional() });
export const preferencesBody = notificationPreferences
  .partial()
  .strict()
  .refine((chosen) => Object.keys(chosen).length > 0, { error: 'must choose something' });
export const preferencesView = notificationPreferences.extend({
  alwaysSent: z.array(z.enum(LETTER_KINDS)).meta({
    description: 'Letters about the security of the account: nobody can do without them',
  }),
});
export const walletQuery = z.strictObject({ at: momentInput.optional() });
export const walletsQuery = z.strictObject({ currency: currency.optional(), limit, cursor });
export const anyWalletsQuery = walletsQuery.extend({ ownerId: id.optional() });
export const statementQuery = z
  .strictObject({
    ...period,
    format: z.enum(['csv', 'json', 'pdf']).default('json'),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    error: 'must not be before from',
    path: ['to'],
  });
const amountFilter = amountInput.optional().meta({ description: 'Minor units, included' });
export const transactionsQuery = z.strictObject({
  walletId: id.optional(),
  status: z.enum(TRANSACTION_STATUSES).optional(),
  type: z.enum(TRANSACTION_TYPES).optional(),
  ...period,
  metadata: metadata.optional().meta({ description: 'metadata[key]=value, all must match' }),
  currency: currency.optional(),
  minAmount: amountFilter,
  maxAmount: amountFilter,
  text: plainText(100)
    .min(1)
    .optional()
    .meta({ description: 'In the description; an id or e-mail address finds the other side, too' }),
  counterparty: z
    .union([id, email])
    .optional()
    .meta({ description: 'A wallet on the other side, or the e-mail address of its owner' }),
  limit,
  cursor,
});
export const anyTransactionsQuery = transactionsQuery.extend({ ownerId: id.optional() });

export const userView = user.pick({
  id: true,
  email: true,
  name: true,
  roles: true,
  kycLevel: true,
  emailVerified: true,
  twoFactor: true,
});
export const walletView = wallet;
/** Operators and machine clients see all of it; people see what was decided, when it was a no. */
export const riskView = risk.partial({ score: true, reasons: true, modelVersion: true });
export const reviewView = review
  .pick({ status: true, expiresAt: true })
  .extend(review.omit({ status: true, expiresAt: true }).partial().shape);
export const transactionView = transaction
  .omit({ bankAccount: true })
  .extend({ risk: riskView.optional(), review: reviewView.optional() });
/** One that is done, or, of a dry run, would be: that has no id. */
export const transactionPreview = transactionView.partial({ id: true });
/** What a payment would become: a transaction without an id, as there is none. */
export const dryRunView = transactionView
  .omit({ id: true })
  .extend({ dryRun: z.literal(true).meta({ description: 'Nothing was done' }) });
export const dryRunQuery = z.strictObject({
  dryRun: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .meta({
      description:
        'true: only tells what would happen now, with the fee and the balances after it. Nothing ' +
        'is done, and no Idempotency-Key is needed or used. The risk is not asked about.',
    }),
});
export const entryView = entry
  .omit({ walletId: true })
  .extend({ id: z.string().meta({ description: 'Unique per entry' }) });

export const tokenPairView = tokenPair;
export const oauthTokenView = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.number().int(),
  scope: z.string().optional(),
  refresh_token: z.string().optional(),
});

export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string(),
  traceId: z.string(),
  errors: z
    .array(
      z.object({
        pointer: z.string().optional().meta({ description: 'JSON pointer into the body' }),
        parameter: z.string().optional().meta({ description: 'Name of a query parameter' }),
        detail: z.string(),
      }),
    )
    .optional(),
  available: minorText.optional().meta({ description: 'With insufficient-funds' }),
  remaining: minorText.optional().meta({ description: 'Of what can be reversed or captured' }),
  items: z
    .array(z.object({ status: z.number().int() }))
    .optional()
    .meta({ description: 'Of an atomic bulk: 424 where another item was the reason' }),
  transaction: transactionView.optional().meta({ description: 'The final transaction refused' }),
});
export type Problem = z.infer<typeof problem>;

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

export const bulkView = z.object({
  dryRun: z.literal(true).optional().meta({ description: 'Nothing was done' }),
  items: z.array(
    z.object({
      status: z.number().int().meta({ description: 'As a single request would have answered' }),
      transaction: transactionView.optional(),
      problem: problem.optional(),
    }),
  ),
});

/** A payment to several at once: all of its parts, or the one that was refused. */
export const splitView = z.object({
  id: z.string().optional().meta({ description: 'Absent of a dry run' }),
  dryRun: z.literal(true).optional().meta({ description: 'Nothing was done' }),
  status: z.enum(['completed', 'failed']),
  walletId: id,
  amount: minorText,
  currency,
  recipients: z.array(transactionPreview),
});

export const statementView = z.object({
  walletId: id,
  currency,
  from: timestamp.nullable(),
  to: timestamp.nullable(),
  openingBalance: minorText,
  closingBalance: minorText,
  takenAt: timestamp.meta({ description: 'When the books were read: they are shown as of then' }),
  entries: z.array(statementEntry.omit({ walletId: true }).extend({ id: entryView.shape.id })),
});

export const overdraftBody = z.strictObject({
  limit: z
    .string()
    .regex(/^(0|[1-9][0-9]{0,14})$/, { error: 'must be minor units as a string of digits' })
    .meta({ description: 'How far below zero the wallet may go; 0: not at all' }),
  reason: plainText(500).min(1).meta({ description: 'For colleagues and the audit log' }),
});
export const adjustmentBody = z.strictObject({
  walletId: id,
  direction: z.enum(ADJUSTMENT_DIRECTIONS).meta({ description: 'credit: the wallet gets it' }),
  amount: amountInput,
  reason: plainText(500).min(1).meta({ description: 'For colleagues and the audit log' }),
  expiresInSeconds: z
    .number()
    .int()
    .min(1)
    .max(ADJUSTMENT_SECONDS_MAX)
    .default(3 * 86_400),
});
export const adjustmentsQuery = z.strictObject({
  status: z.enum([...ADJUSTMENT_STATUSES, 'any']).default('open'),
  walletId: id.optional(),
  limit,
  cursor,
});
export const adjustmentView = adjustment;
export const decidedAdjustmentView = adjustment.extend({
  dryRun: z.literal(true).optional().meta({ description: 'Nothing was done' }),
  transaction: transactionPreview.optional(),
});
export const flagView = z.object({
  key: z.string(),
  variant: z.string(),
  variants: z.array(z.string()),
  default: z.string(),
  description: z.string(),
  changedBy: z.string().optional().meta({ description: 'Absent where the default holds' }),
  changedAt: timestamp.optional(),
});
const versionNumber = z
  .string()
  .regex(/^[0-9]{1,9}$/, { error: 'must be a version' })
  .transform(Number);
export const feesQuery = z.strictObject({
  version: versionNumber.optional().meta({ description: 'Without it the one that holds' }),
});
export const feeHistoryQuery = z.strictObject({ limit, cursor: versionNumber.optional() });
export const feesBody = z.strictObject({
  basedOn: z.number().int().nonnegative().meta({ description: 'The version that was looked at' }),
  rules: feeRules,
  note: plainText(500).optional().meta({ description: 'Why: for colleagues and the audit log' }),
});
export const flagsView = z.object({ items: z.array(flagView) });

export const reviewsQuery = z.strictObject({
  status: z.enum([...REVIEW_STATUSES, 'any']).default('open'),
  limit,
  cursor,
});
export const verdictBody = z.strictObject({
  note: plainText(500).optional().meta({ description: 'Why: for colleagues and the audit log' }),
});

export const decisionsQuery = z.strictObject({
  decision: z.enum(RISK_DECISIONS).optional(),
  walletId: id.optional(),
  limit,
  cursor,
});
export const decisionView = riskDecisionRecord;
export const decisionSummaryView = riskDecisionRecord.omit({ features: true });
export const reportBody = z.strictObject({
  label: fraudLabel.shape.label,
  source: fraudLabel.shape.source.exclude(['review']).default('report'),
  note: plainText(500).optional(),
});
export const reportView = FRAUD_REQUESTS.reportTransaction.response;
export const modelsView = FRAUD_REQUESTS.describeModels.response;

export const reconciliationView = LEDGER_REQUESTS.verifyBooks.response.extend({
  auditLagSeconds: z.number().nullable().meta({
    description: 'How far the auditor is behind the events; null where it does not answer',
  }),
  banks: z.array(bankReconciliation).nullable().meta({
    description:
      'Our accounts at banks, beside their statements; null where banking does not answer',
  }),
});
export const auditQuery = z.strictObject({
  type: z
    .string()
    .max(100)
    .optional()
    .meta({ examples: ['florin.admin-action.v1'] }),
  actor: z.string().max(100).optional(),
  limit,
  cursor,
});
export const verifyAuditBody = z.strictObject({
  from: timestamp.optional().meta({ description: 'Only what came after it' }),
});
export const auditProofView = z.object({ transactionId: id, proofs: z.array(auditProof) });
export const breakersView = z.object({ items: z.array(breakerState) });
