import { rolesBody, staffUserView, usersQuery, usersView } from '@florin/contracts';
import type { Clock } from '@florin/kernel';
import type { RecordAction } from '@florin/messaging';
import type { Identity } from '../adapters/identity.ts';
import { refusal } from '../domain/refusal.ts';
import { route, type Route } from '../rest/route.ts';
import { createTellAction } from '../tell-action.ts';

interface UserRouteDeps {
  identity: Pick<Identity, 'getUser' | 'findUserByEmail' | 'setRoles'>;
  /** Tells the audit log. */
  record: RecordAction;
  clock: Clock;
}

const SHARED = { tag: 'Operators', access: 'admin' } as const;
const USER = { description: 'The user', schema: staffUserView } as const;

const unknown = refusal('not-found', 'there is no such user');

export function userRoutes(deps: UserRouteDeps): Route[] {
  const { identity } = deps;
  const tell = createTellAction(deps);
  return [
    route({
      ...SHARED,
      method: 'GET',
      path: '/v1/admin/users',
      summary: 'The user with an e-mail address',
      description:
        'Addresses are sealed: they are found as a whole, and can not be looked through.',
      query: usersQuery,
      answers: { 200: { description: 'One, or none', schema: usersView } },
      async handle({ query: { email } }) {
        const { user } = await identity.findUserByEmail({ email });
        return { status: 200, body: { items: user === null ? [] : [user], nextCursor: null } };
      },
    }),
    route({
      ...SHARED,
      method: 'GET',
      path: '/v1/admin/users/:id',
      summary: 'A user',
      answers: { 200: USER },
      problems: ['not-found'],
      async handle({ params: { id } }) {
        const { user } = await identity.getUser({ id });
        return user === null ? unknown : { status: 200, body: user };
      },
    }),
    route({
      ...SHARED,
      method: 'PUT',
      path: '/v1/admin/users/:id/roles',
      summary: 'Make somebody one of the staff, or no longer',
      description: 'Ends the sessions of that user: tokens say which roles their bearer has.',
      body: rolesBody,
      answers: { 200: USER },
      problems: ['not-found'],
      async handle(call) {
        const { caller, params, body } = call;
        if (caller.id === params.id) return refusal('forbidden', 'nobody changes their own roles');
        const set = await identity.setRoles({ userId: params.id, roles: body.roles });
        if (!set.ok) return unknown;
        await tell(call, 'roles-changed', params.id, {
          before: set.before.join(' '),
          after: set.user.roles.join(' '),
        });
        return { status: 200, body: set.user };
      },
    }),
  ];
}
