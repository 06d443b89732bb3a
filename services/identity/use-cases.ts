import type { Clock } from '@florin/kernel';
import type { Database } from '@florin/postgres';
import type { Logger, Metrics } from '@florin/runtime';
import { createAccessTokenIssuer } from './adapters/access-token-issuer.ts';
import { countOutcomes } from './adapters/count-outcomes.ts';
import type { PasswordHasher } from './adapters/password-hasher.ts';
import { createFindUserByEmail } from './find-user-by-email.ts';
import { createGetKeys } from './get-keys.ts';
import { createGetUser } from './get-user.ts';
import { createIssueClientToken } from './issue-client-token.ts';
import { createLogIn } from './log-in.ts';
import { createLogOut } from './log-out.ts';
import { createRefreshSession } from './refresh-session.ts';
import { createRegisterUser } from './register-user.ts';
import { createStartSession } from './start-session.ts';
import type { RequestName, UseCase } from './use-case.ts';

export type UseCases = { [Name in RequestName]: UseCase<Name> };

/** Everything identity does, by the name of the request that asks for it. */
export function createUseCases(deps: {
  db: Database['slonik'];
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  passwords: PasswordHasher;
  issuer: string;
  sessionLifetimeMs: number;
}): UseCases {
  const { metrics } = deps;
  const accessTokens = createAccessTokenIssuer(deps);
  const startSession = createStartSession({ ...deps, accessTokens });
  return {
    register: createRegisterUser(deps),
    login: countOutcomes(createLogIn({ ...deps, startSession }), metrics, {
      name: 'sign_ins_total',
      help: 'Attempts to sign in by how they ended',
    }),
    refresh: countOutcomes(createRefreshSession({ ...deps, accessTokens }), metrics, {
      name: 'token_refreshes_total',
      help: 'Uses of refresh tokens by how they ended',
    }),
    logout: createLogOut(deps),
    issueClientToken: createIssueClientToken({ ...deps, accessTokens }),
    getKeys: createGetKeys(deps),
    getUser: createGetUser(deps),
    findUserByEmail: createFindUserByEmail(deps),
  };
}
