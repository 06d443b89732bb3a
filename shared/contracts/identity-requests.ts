import { z } from 'zod';
import { id, timestamp } from './schema-fields.ts';

/** Whoever uses wallets, and the staff behind them: each role sees and does no more than its work. */
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
  createdAt: timestamp,
});
export type User = z.infer<typeof user>;

export const tokenPair = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  tokenType: z.literal('Bearer'),
  expiresIn: z.number().int().meta({ description: 'Seconds that the access token lives' }),
});

const refusedWith = <Code extends string>(...codes: [Code, ...Code[]]) =>
  z.object({ ok: z.literal(false), code: z.enum(codes) });
const answered = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.object({ ok: z.literal(true), ...shape });

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
    response: z.union([answered({ user }), refusedWith('email-in-use')]),
  },
  login: {
    subject: 'rpc.identity.login',
    request: z.object({ email: z.string(), password: z.string(), totp: z.string().optional() }),
    response: z.union([
      answered({ tokens: tokenPair }),
      refusedWith('invalid-credentials', 'two-factor-required'),
    ]),
  },
  refresh: {
    subject: 'rpc.identity.refresh',
    request: z.object({ refreshToken: z.string() }),
    response: z.union([
      answered({ tokens: tokenPair }),
      refusedWith('unauthenticated', 'token-reused'),
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
} as const;
