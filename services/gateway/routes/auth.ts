import {
  accessTokenView,
  emailBody,
  letterTokenBody,
  loginBody,
  recoveryCodesView,
  refreshBody,
  registerBody,
  resetPasswordBody,
  stepUpBody,
  tokenPairView,
  twoFactorCodeBody,
  twoFactorSetupView,
  userView,
  type User,
} from '@florin/contracts';
import { uuidv7, type Clock } from '@florin/kernel';
import type { Identity } from '../adapters/identity.ts';
import { route, type Answer, type Route } from '../rest/route.ts';
import { identityRefusal } from '../domain/identity-refusal.ts';
import { inSession } from '../domain/own-session.ts';

interface AuthRouteDeps {
  identity: Pick<
    Identity,
    | 'register'
    | 'login'
    | 'refresh'
    | 'logout'
    | 'verifyEmail'
    | 'requestVerification'
    | 'requestPasswordReset'
    | 'resetPassword'
    | 'stepUp'
    | 'setUpTwoFactor'
    | 'confirmTwoFactor'
    | 'renewRecoveryCodes'
    | 'disableTwoFactor'
  >;
  clock: Clock;
}

const TOKENS = { 200: { description: 'A pair of tokens', schema: tokenPairView } } as const;
const RECOVERY_CODES = {
  200: { description: 'Codes for when the device is lost: shown once', schema: recoveryCodesView },
} as const;
/** Passwords are hashed slowly, and wait for their turn when many come at once. */
const PATIENT = { timeoutMs: 5_000 };

const SHARED = { method: 'POST', tag: 'Sign in', access: 'public' } as const;
const OWN = { ...SHARED, access: 'person' } as const;

export const userViewOf = (user: Omit<User, 'createdAt'>) => {
  const { id, email, name, roles, kycLevel, emailVerified, twoFactor } = user;
  return { id, email, name, roles, kycLevel, emailVerified, twoFactor };
};

/**
 * Registers, or pretends to: a stranger must not learn whether an e-mail has an account. For one in
 * use the answer looks alike and belongs to nobody; its owner gets a letter.
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
    async handle({ body }): Promise<Answer | ReturnType<typeof identityRefusal>> {
      const registered = await identity.register(body, PATIENT);
      if (registered.ok) return { status: 201, body: userViewOf(registered.user) };
      if (registered.code === 'weak-password') return identityRefusal(registered);
      const { email, name } = body;
      const nobody = { id: uuidv7(clock.nowMs()), email, name, kycLevel: 0 };
      const fresh = { roles: ['user' as const], emailVerified: false, twoFactor: false };
      return { status: 201, body: userViewOf({ ...nobody, ...fresh }) };
    },
  });
}

const signInRoutes = ({ identity }: AuthRouteDeps): Route[] => [
  route({
    ...SHARED,
    path: '/v1/auth/login',
    summary: 'Sign in',
    body: loginBody,
    answers: TOKENS,
    problems: ['invalid-credentials', 'two-factor-required', 'rate-limited'],
    async handle({ body: { email, password, totp }, origin }) {
      const second = totp === undefined ? {} : { totp };
      const shown = { email, password, from: origin(), ...second };
      const answer = await identity.login(shown, PATIENT);
      return answer.ok ? { status: 200, body: answer.tokens } : identityRefusal(answer);
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
      return answer.ok ? { status: 200, body: answer.tokens } : identityRefusal(answer);
    },
  }),
  route({
    ...SHARED,
    path: '/v1/auth/logout',
    summary: 'End the session of a refresh token',
    description: 'Its access tokens end too, at once.',
    body: refreshBody,
    answers: { 204: { description: 'Ended, whether it was known or not' } },
    async handle({ body }) {
      await identity.logout(body);
      return { status: 204 };
    },
  }),
  route({
    ...OWN,
    path: '/v1/auth/step-up',
    summary: 'Prove the identity anew, for what is risky',
    description:
      'Calls that answer step-up-required work with the access token that this one answers.',
    body: stepUpBody,
    answers: { 200: { description: 'An access token', schema: accessTokenView } },
    problems: ['invalid-credentials', 'two-factor-required', 'rate-limited'],
    handle: ({ caller, body: { password, totp } }) =>
      inSession(caller, async (own) => {
        const second = totp === undefined ? {} : { totp };
        const answer = await identity.stepUp({ ...own, password, ...second }, PATIENT);
        if (!answer.ok) return identityRefusal(answer);
        const { accessToken, expiresIn } = answer;
        return { status: 200, body: { accessToken, tokenType: 'Bearer', expiresIn } };
      }),
  }),
];

const letterRoutes = ({ identity }: AuthRouteDeps): Route[] => [
  route({
    ...SHARED,
    path: '/v1/auth/email/verify',
    summary: 'Confirm an e-mail address with the token of a letter',
    body: letterTokenBody,
    answers: { 204: { description: 'Confirmed' } },
    problems: ['invalid-token'],
    async handle({ body }) {
      const answer = await identity.verifyEmail(body);
      return answer.ok ? { status: 204 } : identityRefusal(answer);
    },
  }),
  route({
    ...SHARED,
    path: '/v1/auth/email/resend',
    summary: 'Ask for another letter to confirm an address',
    body: emailBody,
    answers: { 202: { description: 'Written, if the address waits to be confirmed' } },
    async handle({ body }) {
      await identity.requestVerification(body);
      return { status: 202 };
    },
  }),
  route({
    ...SHARED,
    path: '/v1/auth/password/forgot',
    summary: 'Ask for a letter to choose a new password',
    body: emailBody,
    answers: { 202: { description: 'Written, if the address has an account' } },
    async handle({ body }) {
      await identity.requestPasswordReset(body);
      return { status: 202 };
    },
  }),
  route({
    ...SHARED,
    path: '/v1/auth/password/reset',
    summary: 'Choose a new password with the token of a letter',
    description: 'All sessions end. A second factor stays.',
    body: resetPasswordBody,
    answers: { 204: { description: 'Changed' } },
    problems: ['invalid-token'],
    async handle({ body }) {
      const answer = await identity.resetPassword(body, PATIENT);
      return answer.ok ? { status: 204 } : identityRefusal(answer, '/newPassword');
    },
  }),
];

const twoFactorRoutes = ({ identity }: AuthRouteDeps): Route[] => [
  route({
    ...OWN,
    path: '/v1/auth/2fa/setup',
    summary: 'Get a secret for an authenticator app',
    description: 'It counts once a code of it was confirmed.',
    answers: { 200: { description: 'The secret', schema: twoFactorSetupView } },
    problems: ['step-up-required', 'two-factor-enabled'],
    handle: ({ caller }) =>
      inSession(caller, async (own) => {
        const answer = await identity.setUpTwoFactor(own);
        if (!answer.ok) return identityRefusal(answer);
        const { secret, otpauthUri } = answer;
        return { status: 200, body: { secret, otpauthUri } };
      }),
  }),
  route({
    ...OWN,
    path: '/v1/auth/2fa/confirm',
    summary: 'Switch the second factor on with a code of the app',
    body: twoFactorCodeBody,
    answers: RECOVERY_CODES,
    problems: [
      'invalid-code',
      'step-up-required',
      'two-factor-enabled',
      'two-factor-not-set-up',
      'rate-limited',
    ],
    handle: ({ caller, body: { code } }) =>
      inSession(caller, async (own) => {
        const answer = await identity.confirmTwoFactor({ ...own, code });
        if (!answer.ok) return identityRefusal(answer);
        return { status: 200, body: { recoveryCodes: answer.recoveryCodes } };
      }),
  }),
  route({
    ...OWN,
    path: '/v1/auth/2fa/recovery-codes',
    summary: 'Get new recovery codes; the old ones work no more',
    answers: RECOVERY_CODES,
    problems: ['step-up-required', 'two-factor-not-set-up'],
    handle: ({ caller }) =>
      inSession(caller, async (own) => {
        const answer = await identity.renewRecoveryCodes(own);
        if (!answer.ok) return identityRefusal(answer);
        return { status: 200, body: { recoveryCodes: answer.recoveryCodes } };
      }),
  }),
  route({
    ...OWN,
    method: 'DELETE',
    path: '/v1/auth/2fa',
    summary: 'Switch the second factor off',
    answers: { 204: { description: 'Off' } },
    problems: ['step-up-required', 'two-factor-not-set-up'],
    handle: ({ caller }) =>
      inSession(caller, async (own) => {
        const answer = await identity.disableTwoFactor(own);
        return answer.ok ? { status: 204 } : identityRefusal(answer);
      }),
  }),
];

export const authRoutes = (deps: AuthRouteDeps): Route[] => [
  registerRoute(deps),
  ...signInRoutes(deps),
  ...letterRoutes(deps),
  ...twoFactorRoutes(deps),
];
