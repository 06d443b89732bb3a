import { z } from 'zod';
import { envelopeOf } from './envelope.ts';
import { id, timestamp } from './schema-fields.ts';

/**
 * What identity tells everybody after commit, without anything personal: these events outlive the
 * user's right to be forgotten. `subject` and `partitionkey` of the envelope are the user's id.
 */
const about = { userId: id };

const KYC_LEVEL = z.number().int().min(0).max(2);

export const IDENTITY_EVENT_TYPES = {
  'user-registered': 'florin.user-registered.v1',
  'user-signed-in': 'florin.user-signed-in.v1',
  'credentials-changed': 'florin.credentials-changed.v1',
  'kyc-level-changed': 'florin.kyc-level-changed.v1',
  'user-erased': 'florin.user-erased.v1',
} as const;

/** The last token of an identity event's subject. */
export type IdentityEventName = keyof typeof IDENTITY_EVENT_TYPES;

export const CREDENTIAL_CHANGES = [
  'password-changed',
  'password-reset',
  'email-changed',
  'two-factor-enabled',
  'two-factor-disabled',
  'recovery-code-used',
  'recovery-codes-renewed',
] as const;

export const userRegistered = z.object({
  ...about,
  createdAt: timestamp,
  kycLevel: KYC_LEVEL,
});

export const userSignedIn = z.object({
  ...about,
  sessionId: id,
  factors: z
    .array(z.enum(['password', 'totp', 'recovery-code']))
    .min(1)
    .meta({ description: 'What proved the identity' }),
  newDevice: z.boolean().meta({
    description: 'No session of the last weeks came from this browser and network',
  }),
});

export const credentialsChanged = z.object({ ...about, change: z.enum(CREDENTIAL_CHANGES) });

export const kycLevelChanged = z.object({ ...about, from: KYC_LEVEL, to: KYC_LEVEL });

/** Whoever holds something about the user forgets it. What the books say stays, without a name. */
export const userErased = z.object({ ...about });

export const identityEvent = z.discriminatedUnion('type', [
  envelopeOf(IDENTITY_EVENT_TYPES['user-registered'], userRegistered),
  envelopeOf(IDENTITY_EVENT_TYPES['user-signed-in'], userSignedIn),
  envelopeOf(IDENTITY_EVENT_TYPES['credentials-changed'], credentialsChanged),
  envelopeOf(IDENTITY_EVENT_TYPES['kyc-level-changed'], kycLevelChanged),
  envelopeOf(IDENTITY_EVENT_TYPES['user-erased'], userErased),
]);
export type IdentityEvent = z.infer<typeof identityEvent>;

/** What one message of the identity stream holds, as in the other streams. */
export const identityEventBatch = z.array(identityEvent).min(1);

export const identityEventSubject = (name: IdentityEventName): string => `idn.${name}`;
/** Every identity event. */
export const IDENTITY_EVENT_FILTER = 'idn.*';
