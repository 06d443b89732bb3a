import { nkeys } from '@nats-io/transport-node';
import { MESSAGING_SERVICES } from './access-table.ts';
import {
  answeringObserver,
  OBSERVER,
  permissionsOf,
  PROVISION_USER,
  PROVISIONER,
  type Permissions,
} from './permissions.ts';

/** Every user that proves itself with a key. */
export const KEYED_USERS: readonly string[] = [...MESSAGING_SERVICES, PROVISION_USER];

/** What each of them may do; the file that installations configure their servers with. */
export const permissionsByUser = (of = permissionsOf): Record<string, Permissions> =>
  Object.fromEntries(
    KEYED_USERS.map((name) => [name, name === PROVISION_USER ? PROVISIONER : of(name)]),
  );

/** A new key: its holder proves itself by signing, the server knows only the public half. */
export const createNkeySeed = (): string => new TextDecoder().decode(nkeys.createUser().getSeed());

const publicKeyOf = (seed: string): string =>
  nkeys.fromSeed(new TextEncoder().encode(seed)).getPublicKey();

const OBSERVER_USER = 'observer';

export interface ServerUsersOptions {
  /** Seed by user, see KEYED_USERS. */
  seeds: Readonly<Record<string, string>>;
  /** Lets whoever has no credentials look on; never where others than the owner can connect. */
  observerPassword?: string;
}

/** The users of a nats-server, as lines of its configuration: JSON is a part of that language. */
export function serverUsers({ seeds, observerPassword }: ServerUsersOptions): string {
  const isObserved = observerPassword !== undefined;
  const permissions = permissionsByUser(isObserved ? answeringObserver : permissionsOf);
  const users: object[] = KEYED_USERS.filter((name) => seeds[name] !== undefined).map((name) => ({
    nkey: publicKeyOf(seeds[name] ?? ''),
    permissions: permissions[name],
  }));
  const observer = { user: OBSERVER_USER, password: observerPassword, permissions: OBSERVER };
  if (isObserved) users.push(observer);
  return [
    `authorization: ${JSON.stringify({ users }, undefined, 2)}`,
    ...(isObserved ? [`no_auth_user: ${OBSERVER_USER}`] : []),
    '',
  ].join('\n');
}
