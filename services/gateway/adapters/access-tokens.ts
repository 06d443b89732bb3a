import { ROLES, SCOPES } from '@florin/contracts';
import { asClientId, ok, refuse, type Clock, type Result } from '@florin/kernel';
import { createLocalJWKSet, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { PLANS, type Caller } from '../domain/caller.ts';
import { refusal, type Refusal } from '../domain/refusal.ts';
import type { Identity } from './identity.ts';

export type Authenticate = (authorization: string | undefined) => Promise<Result<Caller, Refusal>>;

const TOKENS_MAX = 20_000;
/** How soon a withdrawn key is noticed; an unknown one is looked up at once. */
const KEYS_FOR_MS = 300_000;
/** Tokens with invented key ids must not make us ask identity each time. */
const KEYS_AT_LEAST_MS = 5_000;

const claims = z.object({
  sub: z.string().min(1).max(100),
  kind: z.enum(['user', 'machine']),
  scope: z.string(),
  roles: z.array(z.string()).default([]),
  plan: z.enum(PLANS).optional().catch(undefined),
  sid: z.string().optional(),
  auth_time: z.number().default(0),
  client_id: z.string().optional(),
  exp: z.number(),
});

/** What a newer identity may say and this gateway does not know yet opens nothing. */
const knownOf = <T extends string>(all: readonly T[], given: readonly string[]): ReadonlySet<T> =>
  new Set(all.filter((one) => given.includes(one)));

const callerOf = (token: z.output<typeof claims>): Caller => ({
  id: asClientId(token.sub),
  kind: token.kind,
  scopes: knownOf(SCOPES, token.scope.split(' ')),
  roles: knownOf(ROLES, token.roles),
  plan: token.plan,
  session: token.sid ? { id: token.sid, provenAtMs: token.auth_time * 1000 } : undefined,
  application: token.kind === 'user' ? token.client_id : undefined,
});

const unauthenticated = (detail: string) => refuse(refusal('unauthenticated', detail));

interface AccessTokensDeps {
  identity: Pick<Identity, 'getKeys'>;
  clock: Clock;
  issuer: string;
  audience: string;
  /** Sessions that ended before their tokens do. */
  hasEnded(sessionId: string): boolean;
}

/** Identity's public keys: fetched when they are first needed, and renewed from time to time. */
function createKeySource({ identity, clock }: AccessTokensDeps) {
  let keys: JWTVerifyGetKey | undefined;
  let fetchedAtMs = 0;
  let fetching: Promise<JWTVerifyGetKey> | undefined;

  async function fetchKeys(): Promise<JWTVerifyGetKey> {
    const answer = await identity.getKeys({});
    fetchedAtMs = clock.monotonicMs();
    keys = createLocalJWKSet(answer);
    return keys;
  }

  const renew = (): Promise<JWTVerifyGetKey> =>
    (fetching ??= fetchKeys().finally(() => (fetching = undefined)));

  return {
    /** Old keys still do while they are renewed, or while identity is away. */
    current(): JWTVerifyGetKey | Promise<JWTVerifyGetKey> {
      if (keys === undefined) return renew();
      if (clock.monotonicMs() - fetchedAtMs > KEYS_FOR_MS) renew().catch(() => undefined);
      return keys;
    },
    /** After a key was missing: new ones, unless they are new already. */
    renewed(): JWTVerifyGetKey | Promise<JWTVerifyGetKey> {
      const isNew = keys !== undefined && clock.monotonicMs() - fetchedAtMs < KEYS_AT_LEAST_MS;
      return isNew && keys !== undefined ? keys : renew();
    },
  };
}

/**
 * Checks access tokens. A signature is verified once and remembered until the token ends (62 µs
 * against less than one), and requests that come with the same new token at once share that work.
 */
export function createAccessTokens(deps: AccessTokensDeps): Authenticate {
  const { clock, issuer, audience } = deps;
  const keySource = createKeySource(deps);
  const known = new LRUCache<string, { caller: Caller; endsAtMs: number }>({ max: TOKENS_MAX });
  const verifying = new Map<string, Promise<Result<Caller, Refusal>>>();
  const expected = { issuer, audience, algorithms: ['EdDSA'], typ: 'at+jwt', clockTolerance: 5 };

  async function payloadOf(token: string): Promise<unknown> {
    const options = { ...expected, currentDate: new Date(clock.nowMs()) };
    try {
      return (await jwtVerify(token, await keySource.current(), options)).payload;
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      return (await jwtVerify(token, await keySource.renewed(), options)).payload;
    }
  }

  async function verify(token: string): Promise<Result<Caller, Refusal>> {
    try {
      const read = claims.safeParse(await payloadOf(token));
      if (!read.success) return unauthenticated('this is no access token of ours');
      const caller = callerOf(read.data);
      known.set(token, { caller, endsAtMs: read.data.exp * 1000 });
      return ok(caller);
    } catch (error) {
      if (error instanceof errors.JWTExpired) {
        return refuse(
          refusal('unauthenticated', 'the access token has expired', { expired: true }),
        );
      }
      if (error instanceof errors.JOSEError)
        return unauthenticated('the access token is not valid');
      throw error;
    }
  }

  function recognise(token: string): Promise<Result<Caller, Refusal>> | Result<Caller, Refusal> {
    const remembered = known.get(token);
    if (remembered !== undefined) {
      if (remembered.endsAtMs > clock.nowMs()) return ok(remembered.caller);
      known.delete(token);
    }
    let verification = verifying.get(token);
    if (verification === undefined) {
      verification = verify(token).finally(() => verifying.delete(token));
      verifying.set(token, verification);
    }
    return verification;
  }

  return async (authorization) => {
    if (authorization === undefined) return unauthenticated('send an access token');
    if (!/^bearer /i.test(authorization)) return unauthenticated('send a Bearer access token');
    const token = authorization.slice(7).trim();
    const recognised = await recognise(token);
    if (!recognised.ok) return recognised;
    const { session } = recognised.value;
    if (session === undefined || !deps.hasEnded(session.id)) return recognised;
    known.delete(token);
    return unauthenticated('this session has ended');
  };
}
