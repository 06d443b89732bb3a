import type { Metrics } from '@florin/runtime';
import { createFindUserByEmail } from './accounts/find-user-by-email.ts';
import { createGetUser, createUpdateProfile } from './accounts/get-user.ts';
import { createRequestEmailChange } from './accounts/change-email.ts';
import { createChangePassword, createResetPassword } from './accounts/change-password.ts';
import { createSetRoles } from './accounts/set-roles.ts';
import { createRegisterUser } from './accounts/register-user.ts';
import {
  createRequestPasswordReset,
  createRequestVerification,
  createVerifyEmail,
} from './accounts/verify-email.ts';
import { createAccessTokenIssuer } from './adapters/access-token-issuer.ts';
import { countOutcomes } from './adapters/count-outcomes.ts';
import type { Deps } from './deps.ts';
import { createGetKeys } from './keys/get-keys.ts';
import { createRewrapKeys, createRotateSigningKey } from './keys/rotate-keys.ts';
import { createGetLetter, createListLetters } from './letters/letters.ts';
import {
  createListApplications,
  createRegisterApplication,
  createRemoveApplication,
} from './oauth/applications.ts';
import { createCreateApiKey, createListApiKeys, createRemoveApiKey } from './oauth/api-keys.ts';
import { createAuthorize, createDescribeAuthorization } from './oauth/authorize.ts';
import { createExchangeCode } from './oauth/exchange-code.ts';
import { createIntrospect, createRevokeToken } from './oauth/introspect.ts';
import { createIssueClientToken } from './oauth/issue-client-token.ts';
import { createListConsents, createRecordConsent } from './privacy/consents.ts';
import { createEraseUser, createMayErase, createSetLegalHold } from './privacy/erase-user.ts';
import { createExportPerson } from './privacy/export-person.ts';
import {
  createListEndedSessions,
  createListSessions,
  createRevokeSession,
} from './sessions/sessions.ts';
import { createLogIn } from './sign-in/log-in.ts';
import { createLogOut } from './sign-in/log-out.ts';
import { createRefreshSession } from './sign-in/refresh-session.ts';
import { createStepUp } from './sign-in/step-up.ts';
import {
  createConfirmTwoFactor,
  createDisableTwoFactor,
  createRenewRecoveryCodes,
  createSetUpTwoFactor,
} from './two-factor/two-factor.ts';
import type { RequestName, UseCase } from './use-case.ts';

export type UseCases = { [Name in RequestName]: UseCase<Name> };

export interface UseCaseOptions extends Omit<Deps, 'accessTokens'> {
  metrics: Metrics;
  issuer: string;
}

const SIGN_INS = { name: 'sign_ins_total', help: 'Attempts to sign in by how they ended' };
const REFRESHES = {
  name: 'token_refreshes_total',
  help: 'Uses of refresh tokens by how they ended',
};

const accountCases = (deps: Deps) => ({
  register: createRegisterUser(deps),
  getUser: createGetUser(deps),
  findUserByEmail: createFindUserByEmail(deps),
  setRoles: createSetRoles(deps),
  updateProfile: createUpdateProfile(deps),
  verifyEmail: createVerifyEmail(deps),
  requestVerification: createRequestVerification(deps),
  requestPasswordReset: createRequestPasswordReset(deps),
  requestEmailChange: createRequestEmailChange(deps),
  resetPassword: createResetPassword(deps),
  changePassword: createChangePassword(deps),
  setUpTwoFactor: createSetUpTwoFactor(deps),
  confirmTwoFactor: createConfirmTwoFactor(deps),
  renewRecoveryCodes: createRenewRecoveryCodes(deps),
  disableTwoFactor: createDisableTwoFactor(deps),
});

const sessionCases = (deps: Deps, metrics: Metrics) => ({
  login: countOutcomes(createLogIn(deps), metrics, SIGN_INS),
  refresh: countOutcomes(createRefreshSession(deps), metrics, REFRESHES),
  logout: createLogOut(deps),
  stepUp: createStepUp(deps),
  listSessions: createListSessions(deps),
  revokeSession: createRevokeSession(deps),
  listEndedSessions: createListEndedSessions(deps),
});

function oauthCases(deps: Deps, issuer: string) {
  const getKeys = createGetKeys(deps);
  const publicKeys = async () => (await getKeys({})).keys;
  return {
    getKeys,
    rotateSigningKey: createRotateSigningKey(deps),
    rewrapKeys: createRewrapKeys(deps),
    issueClientToken: createIssueClientToken(deps),
    registerApplication: createRegisterApplication(deps),
    listApplications: createListApplications(deps),
    removeApplication: createRemoveApplication(deps),
    createApiKey: createCreateApiKey(deps),
    listApiKeys: createListApiKeys(deps),
    removeApiKey: createRemoveApiKey(deps),
    describeAuthorization: createDescribeAuthorization(deps),
    authorize: createAuthorize(deps),
    exchangeCode: createExchangeCode(deps),
    introspect: createIntrospect({ ...deps, issuer, publicKeys }),
    revokeToken: createRevokeToken({ ...deps, issuer, publicKeys }),
  };
}

const privacyCases = (deps: Deps) => ({
  recordConsent: createRecordConsent(deps),
  listConsents: createListConsents(deps),
  exportPerson: createExportPerson(deps),
  mayErase: createMayErase(deps),
  eraseUser: createEraseUser(deps),
  setLegalHold: createSetLegalHold(deps),
  getLetter: createGetLetter(deps),
  listLetters: createListLetters(deps),
});

/**
 * Everything identity does, by the name of the request that asks for it; and what it does that
 * with, for what is done without being asked.
 */
export function createUseCases(options: UseCaseOptions) {
  const { metrics, issuer } = options;
  const deps = { ...options, accessTokens: createAccessTokenIssuer(options) };
  const useCases: UseCases = {
    ...accountCases(deps),
    ...sessionCases(deps, metrics),
    ...oauthCases(deps, issuer),
    ...privacyCases(deps),
  };
  return { useCases, deps };
}
