import type { Clock } from '@florin/kernel';
import type { Database } from '@florin/postgres';
import type { Logger } from '@florin/runtime';
import { createAccessTokenIssuer } from './adapters/access-token-issuer.ts';
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
  passwords: PasswordHasher;
  issuer: string;
  sessionLifetimeMs: number;
}): UseCases {
  const accessTokens = createAccessTokenIssuer(deps);
  const startSession = createStartSession({ ...deps, accessTokens });
  return {
    register: createRegisterUser(deps),
    login: createLogIn({ ...deps, startSession }),
    refresh: createRefreshSession({ ...deps, accessTokens }),
    logout: createLogOut(deps),
    issueClientToken: createIssueClientToken({ ...deps, accessTokens }),
    getKeys: createGetKeys(deps),
    getUser: createGetUser(deps),
    findUserByEmail: createFindUserByEmail(deps),
  };
}
