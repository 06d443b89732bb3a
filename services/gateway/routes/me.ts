import {
  changePasswordBody,
  consentBody,
  consentView,
  emailBody,
  erasureView,
  exportQuery,
  exportView,
  pageOf,
  profileBody,
  sessionView,
  userView,
} from '@florin/contracts';
import type { Identity } from '../adapters/identity.ts';
import { isRefusal, refusal } from '../domain/refusal.ts';
import type { EraseAccount } from '../erase-account.ts';
import type { ExportAccount } from '../export-account.ts';
import type { ReadProfile } from '../read-profile.ts';
import { route, type Route } from '../rest/route.ts';
import { identityRefusal } from '../domain/identity-refusal.ts';
import { userViewOf } from './auth.ts';
import { inSession } from '../domain/own-session.ts';

interface MeRouteDeps {
  identity: Pick<
    Identity,
    | 'updateProfile'
    | 'changePassword'
    | 'requestEmailChange'
    | 'listSessions'
    | 'revokeSession'
    | 'recordConsent'
    | 'listConsents'
  >;
  readProfile: ReadProfile;
  eraseAccount: EraseAccount;
  exportAccount: ExportAccount;
}

const SHARED = { tag: 'Profile', access: 'person' } as const;
const PROFILE = { 200: { description: 'The profile', schema: userView } } as const;
const gone = refusal('unauthenticated', 'this account no longer exists');

const profileRoutes = ({ identity, readProfile }: MeRouteDeps): Route[] => [
  route({
    ...SHARED,
    method: 'GET',
    path: '/v1/me',
    summary: 'The caller’s profile',
    answers: PROFILE,
    async handle({ caller }) {
      const body = await readProfile(caller.id);
      return body === undefined ? gone : { status: 200, body };
    },
  }),
  route({
    ...SHARED,
    method: 'PATCH',
    path: '/v1/me',
    summary: 'Change the profile',
    body: profileBody,
    answers: PROFILE,
    async handle({ caller, body: { name } }) {
      const { user } = await identity.updateProfile({ userId: caller.id, name });
      return user === null ? gone : { status: 200, body: userViewOf(user) };
    },
  }),
  route({
    ...SHARED,
    method: 'POST',
    path: '/v1/me/password',
    summary: 'Change the password',
    description: 'The other sessions end.',
    body: changePasswordBody,
    answers: { 204: { description: 'Changed' } },
    problems: ['invalid-credentials', 'rate-limited'],
    handle: ({ caller, body }) =>
      inSession(caller, async (own) => {
        const answer = await identity.changePassword({ ...own, ...body }, { timeoutMs: 5_000 });
        return answer.ok ? { status: 204 } : identityRefusal(answer, '/newPassword');
      }),
  }),
];

const emailRoute = ({ identity }: MeRouteDeps): Route =>
  route({
    ...SHARED,
    method: 'POST',
    path: '/v1/me/email',
    summary: 'Ask for another e-mail address',
    description: 'It counts once the token of the letter to it was sent to /v1/auth/email/verify.',
    body: emailBody,
    answers: { 202: { description: 'A letter goes there, if nobody has it' } },
    problems: ['step-up-required'],
    handle: ({ caller, body }) =>
      inSession(caller, async (own) => {
        const answer = await identity.requestEmailChange({ ...own, newEmail: body.email });
        return answer.ok ? { status: 202 } : identityRefusal(answer);
      }),
  });

const sessionRoutes = ({ identity }: MeRouteDeps): Route[] => [
  route({
    ...SHARED,
    method: 'GET',
    path: '/v1/me/sessions',
    summary: 'Where the caller is signed in, newest first',
    answers: { 200: { description: 'All living sessions', schema: pageOf(sessionView) } },
    async handle({ caller }) {
      const { sessions } = await identity.listSessions({ userId: caller.id });
      const items = sessions.map((one) => ({ ...one, current: one.id === caller.session?.id }));
      return { status: 200, body: { items, nextCursor: null } };
    },
  }),
  route({
    ...SHARED,
    method: 'DELETE',
    path: '/v1/me/sessions/:id',
    summary: 'End a session',
    description: 'Its tokens end at once.',
    answers: { 204: { description: 'Ended' } },
    problems: ['not-found'],
    async handle({ caller, params }) {
      const shown = { userId: caller.id, sessionId: params.id };
      const answer = await identity.revokeSession(shown);
      return answer.ok ? { status: 204 } : identityRefusal(answer);
    },
  }),
];

const privacyRoutes = ({ identity, eraseAccount, exportAccount }: MeRouteDeps): Route[] => [
  route({
    ...SHARED,
    method: 'GET',
    path: '/v1/me/consents',
    summary: 'What the caller agreed to and refused, newest first',
    answers: { 200: { description: 'The log', schema: pageOf(consentView) } },
    async handle({ caller }) {
      const { consents } = await identity.listConsents({ userId: caller.id });
      return { status: 200, body: { items: consents, nextCursor: null } };
    },
  }),
  route({
    ...SHARED,
    method: 'POST',
    path: '/v1/me/consents',
    summary: 'Agree to something, or take that back',
    body: consentBody,
    answers: { 201: { description: 'A line of the log', schema: consentView } },
    async handle({ caller, body }) {
      const { consent } = await identity.recordConsent({ userId: caller.id, ...body });
      return { status: 201, body: consent };
    },
  }),
  route({
    ...SHARED,
    method: 'GET',
    path: '/v1/me/export',
    summary: 'Everything held about the caller',
    description: 'As JSON, or with format=zip as an archive of JSON and CSV files.',
    query: exportQuery,
    answers: { 200: { description: 'The export', schema: exportView } },
    problems: ['step-up-required'],
    handle: ({ caller, query }) =>
      inSession(caller, async (own) => {
        const exported = await exportAccount(own, query.format);
        if (isRefusal(exported)) return exported;
        const { body, contentType, fileName } = exported;
        const headers = { 'content-disposition': `attachment; filename="${fileName}"` };
        return { status: 200, body, contentType, headers };
      }),
  }),
  route({
    ...SHARED,
    method: 'DELETE',
    path: '/v1/me',
    summary: 'Erase the caller’s account',
    description:
      'Wallets must be empty: move what is in them first. They are closed, and what is personal ' +
      'is made unreadable for good; the books keep amounts and ids.',
    answers: {
      204: { description: 'Erased' },
      202: { description: 'Will be erased then, unless the user signs in', schema: erasureView },
    },
    problems: ['step-up-required', 'wallet-not-empty', 'legal-hold'],
    handle: ({ caller, requestId }) =>
      inSession(caller, async (own) => {
        const erased = await eraseAccount(own, requestId);
        if (isRefusal(erased)) return erased;
        const { eraseAfter } = erased;
        return eraseAfter === null ? { status: 204 } : { status: 202, body: { eraseAfter } };
      }),
  }),
];

export const meRoutes = (deps: MeRouteDeps): Route[] => [
  ...profileRoutes(deps),
  emailRoute(deps),
  ...sessionRoutes(deps),
  ...privacyRoutes(deps),
];
