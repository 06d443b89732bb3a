import {
  loginBody,
  refreshBody,
  registerBody,
  tokenPairView,
  userView,
  type User,
} from '@florin/contracts';
import { uuidv7, type Clock } from '@florin/kernel';
import type { Identity } from '../adapters/identity.ts';
import { refusal, type Refusal } from '../domain/refusal.ts';
import { route, type Answer, type Route } from '../rest/route.ts';

interface AuthRouteDeps {
  identity: Pick<Identity, 'register' | 'login' | 'refresh' | 'logout' | 'getUser'>;
  clock: Clock;
}

const TOKENS = { 200: { description: 'A pair of tokens', schema: tokenPairView } } as const;

const SHARED = { method: 'POST', tag: 'Sign in', access: 'public' } as const;

const viewOf = ({ id, email, name, roles, kycLevel }: Omit<User, 'createdAt'>) => ({
  id,
  email,
  name,
  roles,
  kycLevel,
});

const DETAILS = {
  'invalid-credentials': 'e-mail or password is wrong',
  'two-factor-required': 'this account asks for a second factor: send it as totp',
  unauthenticated: 'the refresh token is not valid: please sign in again',
  'token-reused': 'the refresh token was used before, so its session has been ended',
} as const;

const refused = (code: keyof typeof DETAILS): Refusal => refusal(code, DETAILS[code]);

/**
 * Registers, or pretends to: a stranger must not learn whether an e-mail has an account. For one in
 * use the answer looks alike and belongs to nobody.
 */
function registerRoute({ identity, clock }: AuthRouteDeps): Route {
  return route({
    ...SHARED,
    path: '/v1/auth/register',
    summary: 'Create an account',
    description:
      'Answers 201 in any case. When the e-mail is in use already no account is created or ' +
      'changed; the answer does not tell, because it would tell strangers as well.',
    body: registerBody,
    answers: { 201: { description: 'Registered', schema: userView } },
    async handle({ body }): Promise<Answer> {
      const registered = await identity.register(body);
      if (registered.ok) return { status: 201, body: viewOf(registered.user) };
      const { email, name } = body;
      const nobody = { id: uuidv7(clock.nowMs()), email, name, kycLevel: 0 };
      return { status: 201, body: viewOf({ ...nobody, roles: ['user'] }) };
    },
  });
}

export function authRoutes(deps: AuthRouteDeps): Route[] {
  const { identity } = deps;
  return [
    registerRoute(deps),
    route({
      ...SHARED,
      path: '/v1/auth/login',
      summary: 'Sign in',
      body: loginBody,
      answers: TOKENS,
      problems: ['invalid-credentials', 'two-factor-required'],
      async handle({ body: { email, password, totp } }) {
        const answer = await identity.login({
          email,
          password,
          ...(totp === undefined ? {} : { totp }),
        });
        return answer.ok ? { status: 200, body: answer.tokens } : refused(answer.code);
      },
    }),
    route({
      ...SHARED,
      path: '/v1/auth/refresh',
      summary: 'Trade a refresh token for a new pair',
      description: 'Each refresh token works once. Using a dead one ends the whole session.',
      body: refreshBody,
      answers: TOKENS,
      problems: ['unauthenticated', 'token-reused'],
      async handle({ body }) {
        const answer = await identity.refresh(body);
        return answer.ok ? { status: 200, body: answer.tokens } : refused(answer.code);
      },
    }),
    route({
      ...SHARED,
      path: '/v1/auth/logout',
      summary: 'End the session of a refresh token',
      body: refreshBody,
      answers: { 204: { description: 'Ended, whether it was known or not' } },
      async handle({ body }) {
        await identity.logout(body);
        return { status: 204 };
      },
    }),
    route({
      method: 'GET',
      path: '/v1/me',
      tag: 'Profile',
      summary: 'The caller’s profile',
      access: 'person',
      answers: { 200: { description: 'The profile', schema: userView } },
      async handle({ caller }) {
        const { user } = await identity.getUser({ id: caller.id });
        if (user === null) return refusal('unauthenticated', 'this account no longer exists');
        return { status: 200, body: viewOf(user) };
      },
    }),
  ];
}
