import {
  legalHoldBody,
  letterView,
  pageOf,
  pageQuery,
  rewrappedView,
  signingKeyView,
} from '@florin/contracts';
import type { Clock } from '@florin/kernel';
import type { RecordAction } from '@florin/messaging';
import type { Identity } from '../adapters/identity.ts';
import { identityRefusal } from '../domain/identity-refusal.ts';
import { route, type Route } from '../rest/route.ts';
import { createTellAction } from '../tell-action.ts';

interface CustodyRouteDeps {
  identity: Pick<Identity, 'listLetters' | 'setLegalHold' | 'rotateSigningKey' | 'rewrapKeys'>;
  /** Tells the audit log. */
  record: RecordAction;
  clock: Clock;
}

/** Every key is read. */
const REWRAP_TIMEOUT_MS = 60_000;

const SHARED = { tag: 'Operators', access: 'admin' } as const;

export const custodyRoutes = (deps: CustodyRouteDeps): Route[] => {
  const { identity } = deps;
  const tell = createTellAction(deps);
  return [
    route({
      ...SHARED,
      method: 'GET',
      path: '/v1/admin/outbox',
      summary: 'Letters to users, newest first',
      description: 'Their texts open accounts, so they are shown on development systems only.',
      query: pageQuery,
      answers: { 200: { description: 'A page', schema: pageOf(letterView) } },
      async handle({ query: { limit, cursor } }) {
        const position = cursor === undefined ? {} : { cursor };
        return { status: 200, body: await identity.listLetters({ limit, ...position }) };
      },
    }),
    route({
      ...SHARED,
      method: 'PUT',
      path: '/v1/admin/users/:id/legal-hold',
      summary: 'Keep an account from being erased, or no longer',
      body: legalHoldBody,
      answers: { 204: { description: 'So it is' } },
      problems: ['not-found'],
      async handle(call) {
        const { params, body } = call;
        const answer = await identity.setLegalHold({ userId: params.id, held: body.held });
        if (!answer.ok) return identityRefusal(answer);
        await tell(call, 'legal-hold-changed', params.id, { after: String(body.held) });
        return { status: 204 };
      },
    }),
    route({
      ...SHARED,
      method: 'POST',
      path: '/v1/admin/keys/signing/rotate',
      summary: 'Follow the key of access tokens by a new one',
      description:
        'The new key is published now and signs soon; the old one is published until its ' +
        'last token has ended. Nobody is signed out.',
      answers: { 200: { description: 'The new key', schema: signingKeyView } },
      async handle(call) {
        const body = await identity.rotateSigningKey({});
        await tell(call, 'signing-key-rotated', body.kid, { after: body.signsFrom });
        return { status: 200, body };
      },
    }),
    route({
      ...SHARED,
      method: 'POST',
      path: '/v1/admin/keys/master/rewrap',
      summary: 'Bring the keys of all users under the newest master key',
      description: 'After it the older master keys can be destroyed.',
      answers: { 200: { description: 'How many were under an older one', schema: rewrappedView } },
      async handle(call) {
        const body = await identity.rewrapKeys({}, { timeoutMs: REWRAP_TIMEOUT_MS });
        await tell(call, 'keys-rewrapped', 'master-key', { after: String(body.rewrapped) });
        return { status: 200, body };
      },
    }),
  ];
};
