import { spawnSync } from 'node:child_process';

export interface SystemUser {
  name: string;
  uid: number;
  gid: number;
}

/**
 * Whom to run Postgres as: it refuses to run as root, so root lends it an existing user without
 * rights. Everybody else runs it as themselves (undefined).
 */
export function unprivilegedUser(): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const uid = numberFrom('id', ['-u', name]);
    const gid = numberFrom('id', ['-g', name]);
    if (uid !== undefined && gid !== undefined) return { name, uid, gid };
  }
  throw new Error('Postgres does not run as root, and there is no user "postgres" or "nobody"');
}

function numberFrom(command: string, args: string[]): number | undefined {
  const answer = spawnSync(command, args, { encoding: 'utf8' });
  const number = Number.parseInt(answer.stdout ?? '', 10);
  return answer.status === 0 && number > 0 ? number : undefined;
}

/**
 * Asks the system whether a user can enter a folder (or run a file): a mode of 700 anywhere above
 * it is enough to say no.
 */
export function canReach(user: SystemUser | undefined, path: string): boolean {
  if (!user) return true;
  const test = spawnSync('/bin/sh', ['-c', 'test -r "$1" && test -x "$1"', 'sh', path], {
    cwd: '/',
    uid: user.uid,
    gid: user.gid,
  });
  return test.status === 0;
}
