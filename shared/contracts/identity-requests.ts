import { z } from 'zod';
import { letter } from './letters.ts';
import { id, timestamp } from './schema-fields.ts';

/** Whoever uses wallets, and the staff behind them: no role sees or does more than its work. */
export const ROLES = ['user', 'support', 'risk-analyst', 'operator', 'admin', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

export const SCOPES = [
  'wallets:read',
  'wallets:write',
  'transactions:read',
  'transactions:write',
  'webhooks',
  'admin',
] as const;
export type Scope = (typeof SCOPES)[number];

export const user = z.object({
  id,
  email: z.string(),
  name: z.string(),
  roles: z.array(z.enum(ROLES)),
  kycLevel: z.number().int(),
  emailVerified: z.boolean(),
  twoFactor: z.boolean().meta({ description: 'Sign-ins need a second factor' }),
  createdAt: timestamp,
});
export type User = z.infer<typeof user>;

export const tokenPair = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  tokenType: z.literal('Bearer'),
  expiresIn: z.number().int().meta({ description: 'Seconds that the access token lives' }),
});

/** What proves an identity. A recovery code stands for the second factor that was lost. */
export const FACTORS = ['password', 'totp', 'recovery-code'] as const;
export type Factor = (typeof FACTORS)[number];

/** Where a request came from, as the gateway saw it. */
export const requestOrigin = z.object({
  address: z.string().max(100).optional(),
  userAgent: z.string().max(500).optional(),
});
export type RequestOrigin = z.infer<typeof requestOrigin>;

export const session = z.object({
  id,
  createdAt: timestamp,
  lastUsedAt: timestamp,
  expiresAt: timestamp,
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
  factors: z.array(z.enum(FACTORS)),
  application: z.string().nullable().meta({ description: 'The third party that acts in it' }),
});
export type Session = z.infer<typeof session>;

export const consent = z.object({
  purpose: z.string(),
  version: z.string(),
  granted: z.boolean(),
  decidedAt: timestamp,
});

export const application = z.object({
  id,
  clientId: z.string(),
  name: z.string(),
  redirectUris: z.array(z.string()),
  scopes: z.array(z.enum(SCOPES)),
  confidential: z.boolean(),
  createdAt: timestamp,
});
export type Application = z.infer<typeof application>;

/** What a person’s own programs sign in with: it acts for its owner, within its scopes. */
export const apiKey = z.object({
  id,
  name: z.string(),
  clientId: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  createdAt: timestamp,
  lastUsedAt: timestamp.nullable().meta({ description: 'When a token was got with it last' }),
  expiresAt: timestamp,
});
export type ApiKey = z.infer<typeof apiKey>;

/** Why a password is not taken. */
export const PASSWORD_WEAKNESSES = ['too-short', 'too-long', 'breached', 'guessable'] as const;

const refusedWith = <Code extends string>(...codes: [Code, ...Code[]]) =>
  z.object({ ok: z.literal(false), code: z.enum(codes) });
const answered = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.object({ ok: z.literal(true), ...shape });
const weakPassword = z.object({
  ok: z.literal(false),
  code: z.literal('weak-password'),
  weakness: z.enum(PASSWORD_WEAKNESSES),
});
const throttled = z.object({
  ok: z.literal(false),
  code: z.literal('throttled'),
  retryAfterSeconds: z.number().int().positive(),
});

/** E-mail and password, and the second factor where there is one. */
const proof = {
  email: z.string(),
  password: z.string(),
  totp: z.string().optional(),
  from: requestOrigin.optional(),
};
const unproven = [refusedWith('invalid-credentials', 'two-factor-required'), throttled] as const;

/** A user inside a session: what concerns credentials is answered to nobody else. */
const inSession = { userId: id, sessionId: id };
/** The session is over, or its last proof of identity too long ago. */
const notNow = ['unauthenticated', 'step-up-required'] as const;

/** A client of OAuth as it authenticates. Public ones have no secret. */
const clientProof = { clientId: z.string(), clientSecret: z.string().optional() };

/**
 * What may be asked of identity over request/reply. A refusal is part of the answer.
 *
 * An access token is a JWT (EdDSA) with `sub` (user id, or client id of a machine), `kind`
 * (`user` or `machine`), `roles`, `scope` (space separated), `aud` `florin`, `iss` and `exp`.
 */
export const IDENTITY_REQUESTS = {
  register: {
    subject: 'rpc.identity.register',
    request: z.object({ email: z.string(), password: z.string(), name: z.string() }),
    response: z.union([answered({ user }), refusedWith('email-in-use'), weakPassword]),
  },
  login: {
    subject: 'rpc.identity.login',
    request: z.object(proof),
    response: z.union([answered({ tokens: tokenPair }), ...unproven]),
  },
  refresh: {
    subject: 'rpc.identity.refresh',
    /** `client` only where a third party refreshes what it was given. */
    request: z.object({ refreshToken: z.string(), client: z.object(clientProof).optional() }),
    response: z.union([
      answered({ tokens: tokenPair, scope: z.string() }),
      refusedWith('unauthenticated', 'token-reused', 'invalid-client'),
    ]),
  },
  logout: {
    subject: 'rpc.identity.logout',
    request: z.object({ refreshToken: z.string() }),
    response: z.object({ ok: z.literal(true) }),
  },
  /** OAuth 2.1 client credentials. */
  issueClientToken: {
    subject: 'rpc.identity.issue-client-token',
    request: z.object({
      clientId: z.string(),
      clientSecret: z.string(),
      scope: z.string().optional(),
    }),
    response: z.union([
      answered({ accessToken: z.string(), expiresIn: z.number().int(), scope: z.string() }),
      refusedWith('invalid-client', 'invalid-scope'),
    ]),
  },
  getKeys: {
    subject: 'rpc.identity.get-keys',
    request: z.object({}),
    response: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }),
  },
  /** Follows the key of access tokens by a new one, whatever its age. */
  rotateSigningKey: {
    subject: 'rpc.identity.rotate-signing-key',
    request: z.object({}),
    response: z.object({ kid: z.string(), signsFrom: timestamp }),
  },
  /** Brings what seals personal data under the first master key of the configuration. */
  rewrapKeys: {
    subject: 'rpc.identity.rewrap-keys',
    request: z.object({}),
    response: z.object({ rewrapped: z.number().int() }),
  },
  getUser: {
    subject: 'rpc.identity.get-user',
    request: z.object({ id }),
    response: z.object({ user: user.nullable() }),
  },
  findUserByEmail: {
    subject: 'rpc.identity.find-user-by-email',
    request: z.object({ email: z.string() }),
    response: z.object({ user: user.nullable() }),
  },
  /** Exactly these from now on; the user's sessions end. */
  setRoles: {
    subject: 'rpc.identity.set-roles',
    request: z.object({ userId: id, roles: z.array(z.enum(ROLES)).min(1) }),
    response: z.union([
      answered({ before: z.array(z.enum(ROLES)), user }),
      refusedWith('not-found'),
    ]),
  },
  updateProfile: {
    subject: 'rpc.identity.update-profile',
    request: z.object({ userId: id, name: z.string() }),
    response: z.object({ user: user.nullable() }),
  },

  /** By the token of a letter. Asking for one is always answered alike. */
  verifyEmail: {
    subject: 'rpc.identity.verify-email',
    request: z.object({ token: z.string() }),
    response: z.union([answered({ userId: id }), refusedWith('invalid-token')]),
  },
  requestVerification: {
    subject: 'rpc.identity.request-verification',
    request: z.object({ email: z.string() }),
    response: answered({}),
  },
  /** The new address counts once the token of a letter to it was shown to verifyEmail. */
  requestEmailChange: {
    subject: 'rpc.identity.request-email-change',
    request: z.object({ ...inSession, newEmail: z.string() }),
    response: z.union([answered({}), refusedWith(...notNow)]),
  },
  requestPasswordReset: {
    subject: 'rpc.identity.request-password-reset',
    request: z.object({ email: z.string() }),
    response: answered({}),
  },
  resetPassword: {
    subject: 'rpc.identity.reset-password',
    request: z.object({ token: z.string(), newPassword: z.string() }),
    response: z.union([answered({}), refusedWith('invalid-token'), weakPassword]),
  },
  changePassword: {
    subject: 'rpc.identity.change-password',
    request: z.object({ ...inSession, currentPassword: z.string(), newPassword: z.string() }),
    response: z.union([
      answered({}),
      refusedWith('unauthenticated', 'invalid-credentials'),
      weakPassword,
      throttled,
    ]),
  },

  /** Proves the identity anew within a session, for what is risky. */
  stepUp: {
    subject: 'rpc.identity.step-up',
    request: z.object({ ...inSession, password: z.string(), totp: z.string().optional() }),
    response: z.union([
      answered({ accessToken: z.string(), expiresIn: z.number().int() }),
      refusedWith('unauthenticated', 'invalid-credentials', 'two-factor-required'),
      throttled,
    ]),
  },
  setUpTwoFactor: {
    subject: 'rpc.identity.set-up-two-factor',
    request: z.object(inSession),
    response: z.union([
      answered({ secret: z.string(), otpauthUri: z.string() }),
      refusedWith('already-enabled', ...notNow),
    ]),
  },
  confirmTwoFactor: {
    subject: 'rpc.identity.confirm-two-factor',
    request: z.object({ ...inSession, code: z.string() }),
    response: z.union([
      answered({ recoveryCodes: z.array(z.string()) }),
      refusedWith('invalid-code', 'not-set-up', 'already-enabled', ...notNow),
      throttled,
    ]),
  },
  renewRecoveryCodes: {
    subject: 'rpc.identity.renew-recovery-codes',
    request: z.object(inSession),
    response: z.union([
      answered({ recoveryCodes: z.array(z.string()) }),
      refusedWith('not-set-up', ...notNow),
    ]),
  },
  disableTwoFactor: {
    subject: 'rpc.identity.disable-two-factor',
    request: z.object(inSession),
    response: z.union([answered({}), refusedWith('not-set-up', ...notNow)]),
  },

  listSessions: {
    subject: 'rpc.identity.list-sessions',
    request: z.object({ userId: id }),
    response: z.object({ sessions: z.array(session) }),
  },
  revokeSession: {
    subject: 'rpc.identity.revoke-session',
    request: z.object(inSession),
    response: z.union([answered({}), refusedWith('not-found')]),
  },
  /** Those that ended before their time while access tokens of theirs may still be alive. */
  listEndedSessions: {
    subject: 'rpc.identity.list-ended-sessions',
    request: z.object({}),
    response: z.object({ sessions: z.array(z.object({ id, endedAt: timestamp })) }),
  },

  recordConsent: {
    subject: 'rpc.identity.record-consent',
    request: z.object({
      userId: id,
      ...consent.pick({ purpose: true, version: true, granted: true }).shape,
    }),
    response: answered({ consent }),
  },
  listConsents: {
    subject: 'rpc.identity.list-consents',
    request: z.object({ userId: id }),
    response: z.object({ consents: z.array(consent) }),
  },
  /** Everything that identity holds about a user, secrets left out. */
  exportPerson: {
    subject: 'rpc.identity.export-person',
    request: z.object(inSession),
    response: z.union([
      answered({ person: z.record(z.string(), z.unknown()) }),
      refusedWith(...notNow),
    ]),
  },
  /** Whether the user may be erased now: asked before the wallets are closed. */
  mayErase: {
    subject: 'rpc.identity.may-erase',
    request: z.object(inSession),
    response: z.union([answered({}), refusedWith('legal-hold', ...notNow)]),
  },
  /** Destroys the user's key, at once or when the waiting period is over. */
  eraseUser: {
    subject: 'rpc.identity.erase-user',
    request: z.object(inSession),
    response: z.union([
      answered({ eraseAfter: timestamp.nullable() }),
      refusedWith('legal-hold', ...notNow),
    ]),
  },
  setLegalHold: {
    subject: 'rpc.identity.set-legal-hold',
    request: z.object({ userId: id, held: z.boolean() }),
    response: z.union([answered({}), refusedWith('not-found')]),
  },

  /** A letter that was announced, for whoever sends it. Null once its user was erased. */
  getLetter: {
    subject: 'rpc.identity.get-letter',
    request: z.object({ id }),
    response: z.object({ letter: letter.nullable() }),
  },
  /** Newest first. Texts are shown on development systems only: they open accounts. */
  listLetters: {
    subject: 'rpc.identity.list-letters',
    request: z.object({ cursor: z.string().max(100).optional(), limit: z.number().int() }),
    response: z.object({
      items: z.array(letter.omit({ translations: true }).extend({ text: z.string().nullable() })),
      nextCursor: z.string().nullable(),
    }),
  },

  /** A third party that may ask users to let it act. Its secret is answered this once. */
  registerApplication: {
    subject: 'rpc.identity.register-application',
    request: z.object({
      name: z.string(),
      redirectUris: z.array(z.string()).min(1),
      scopes: z.array(z.enum(SCOPES)).min(1),
      confidential: z.boolean(),
    }),
    response: answered({ application, clientSecret: z.string().nullable() }),
  },
  listApplications: {
    subject: 'rpc.identity.list-applications',
    request: z.object({}),
    response: z.object({ applications: z.array(application) }),
  },
  /** Ends all its sessions. */
  removeApplication: {
    subject: 'rpc.identity.remove-application',
    request: z.object({ id }),
    response: z.union([answered({}), refusedWith('not-found')]),
  },
  /** For somebody who proved the identity lately. The secret is answered this once. */
  createApiKey: {
    subject: 'rpc.identity.create-api-key',
    request: z.object({
      userId: id,
      sessionId: id,
      name: z.string(),
      scopes: z.array(z.enum(SCOPES)).min(1),
      expiresInDays: z.number().int().positive(),
    }),
    response: z.union([
      answered({ apiKey, clientSecret: z.string() }),
      refusedWith('unauthenticated', 'step-up-required', 'limit-exceeded'),
    ]),
  },
  listApiKeys: {
    subject: 'rpc.identity.list-api-keys',
    request: z.object({ userId: id }),
    response: z.object({ apiKeys: z.array(apiKey) }),
  },
  /** Its tokens end at once. */
  removeApiKey: {
    subject: 'rpc.identity.remove-api-key',
    request: z.object({ userId: id, id }),
    response: z.union([answered({}), refusedWith('not-found')]),
  },
  /** What a user is asked to agree to, before any credentials are. */
  describeAuthorization: {
    subject: 'rpc.identity.describe-authorization',
    request: z.object({
      clientId: z.string(),
      redirectUri: z.string(),
      scope: z.string().optional(),
    }),
    response: z.union([
      answered({ name: z.string(), scopes: z.array(z.enum(SCOPES)) }),
      refusedWith('invalid-client', 'invalid-redirect', 'invalid-scope'),
    ]),
  },
  /** OAuth 2.1 authorization code, for a user who proves the identity and agrees. */
  authorize: {
    subject: 'rpc.identity.authorize',
    request: z.object({
      ...proof,
      clientId: z.string(),
      redirectUri: z.string(),
      scope: z.string().optional(),
      /** S256 of the verifier, RFC 7636. */
      codeChallenge: z.string(),
    }),
    response: z.union([
      answered({ code: z.string() }),
      refusedWith('invalid-client', 'invalid-redirect', 'invalid-scope'),
      ...unproven,
    ]),
  },
  exchangeCode: {
    subject: 'rpc.identity.exchange-code',
    request: z.object({
      ...clientProof,
      code: z.string(),
      redirectUri: z.string(),
      codeVerifier: z.string(),
    }),
    response: z.union([
      answered({ tokens: tokenPair, scope: z.string() }),
      refusedWith('invalid-client', 'invalid-grant'),
    ]),
  },
  /** RFC 7662. Only confidential clients may look, and a third party only at its own tokens. */
  introspect: {
    subject: 'rpc.identity.introspect',
    request: z.object({ clientId: z.string(), clientSecret: z.string(), token: z.string() }),
    response: z.union([
      answered({ token: z.record(z.string(), z.unknown()) }),
      refusedWith('invalid-client'),
    ]),
  },
  /** RFC 7009: ends the session of a refresh or access token that was given to this client. */
  revokeToken: {
    subject: 'rpc.identity.revoke-token',
    request: z.object({ ...clientProof, token: z.string() }),
    response: z.union([answered({}), refusedWith('invalid-client')]),
  },
} as const;

/** What is told under SESSIONS_ENDED_SUBJECT. */
export const sessionsEnded = z.object({ sessionIds: z.array(id) });
