import {
  applicationBody,
  applicationView,
  applicationWithSecretView,
  pageOf,
} from '@florin/contracts';
import { uuidv7, type Clock } from '@florin/kernel';
import type { RecordAction } from '@florin/messaging';
import type { Identity } from '../adapters/identity.ts';
import { identityRefusal } from '../domain/identity-refusal.ts';
import { route, type Route } from '../rest/route.ts';

interface ApplicationRouteDeps {
  identity: Pick<Identity, 'registerApplication' | 'listApplications' | 'removeApplication'>;
  record: RecordAction;
  clock: Clock;
}

const SHARED = { tag: 'Operators', access: 'admin' } as const;

/** Third parties that may ask people to let them act. */
export function applicationRoutes({ identity, record, clock }: ApplicationRouteDeps): Route[] {
  const tell = (
    { caller, requestId }: { caller: { id: string }; requestId: string },
    action: string,
    target: string,
  ): Promise<void> =>
    record({ id: uuidv7(clock.nowMs()), actorId: caller.id, action, target, requestId });
  return [
    route({
      ...SHARED,
      method: 'GET',
      path: '/v1/admin/applications',
      summary: 'Applications of third parties, newest first',
      answers: { 200: { description: 'All of them', schema: pageOf(applicationView) } },
      async handle() {
        const { applications } = await identity.listApplications({});
        return { status: 200, body: { items: applications, nextCursor: null } };
      },
    }),
    route({
      ...SHARED,
      method: 'POST',
      path: '/v1/admin/applications',
      summary: 'Register an application of a third party',
      description: 'Without a secret it is public, and proves itself by PKCE alone.',
      body: applicationBody,
      answers: { 201: { description: 'Registered', schema: applicationWithSecretView } },
      async handle(call) {
        const { application, clientSecret } = await identity.registerApplication(call.body);
        await tell(call, 'application-registered', application.clientId);
        return { status: 201, body: { ...application, clientSecret } };
      },
    }),
    route({
      ...SHARED,
      method: 'DELETE',
      path: '/v1/admin/applications/:id',
      summary: 'Remove an application and end what it does for anybody',
      answers: { 204: { description: 'Removed' } },
      problems: ['not-found'],
      async handle(call) {
        const answer = await identity.removeApplication({ id: call.params.id });
        if (!answer.ok) return identityRefusal(answer);
        await tell(call, 'application-removed', call.params.id);
        return { status: 204 };
      },
    }),
  ];
}
