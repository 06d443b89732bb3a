import {
  kycDecisionBody,
  kycDecisionView,
  kycDocument,
  kycDocumentBody,
  kycListQuery,
  kycQuery,
  kycView,
  KYC_FILE_BYTES_MAX,
  pageOf,
} from '@florin/contracts';
import type { Clock } from '@florin/kernel';
import type { RecordAction } from '@florin/messaging';
import type { Kyc } from '../adapters/kyc.ts';
import type { KycFiles } from '../adapters/kyc-files.ts';
import { sniffMediaType } from '../adapters/sniff-media-type.ts';
import type { AssetTable } from '../domain/asset-table.ts';
import { asKycLevel, limitsOf } from '../domain/kyc-limits.ts';
import { refusal, type Refusal } from '../domain/refusal.ts';
import { route, type Route } from '../rest/route.ts';
import { createTellAction } from '../tell-action.ts';

interface KycRouteDeps {
  kyc: Kyc;
  kycFiles: KycFiles;
  /** Tells the audit log. */
  record: RecordAction;
  clock: Clock;
  assets: AssetTable;
}

const PERSON = { tag: 'Profile', access: 'person' } as const;
const STAFF = { tag: 'Operators', access: 'admin' } as const;

const DETAILS = {
  'not-found': refusal('not-found', 'there is no such document'),
  'too-many-pending': refusal('limit-exceeded', 'too many documents wait to be looked at'),
  'already-decided': refusal('document-already-decided', 'somebody has decided about it already'),
  'own-document': refusal('forbidden', 'nobody decides about their own documents'),
} as const satisfies Record<string, Refusal>;

const noSuchPerson = refusal('unauthenticated', 'this account no longer exists');
const notTaken = refusal(
  'unsupported-media-type',
  'by its content the file is no PNG, JPEG or PDF, whatever its name says',
);

/** The file is put away first: a document without its file would be no use to anybody. */
async function handIn({ kyc, kycFiles }: KycRouteDeps, userId: string, kind: string, file: File) {
  const content = Buffer.from(await file.arrayBuffer());
  const mediaType = await sniffMediaType(content);
  if (mediaType === undefined) return notTaken;
  const sealed = await kycFiles.put(content);
  const facts = { userId, kind, mediaType, bytes: content.length, ...sealed };
  const added = await kyc.addDocument(facts);
  if (added.ok) return { status: 201, body: added.document };
  await kycFiles.remove(sealed.objectName);
  return DETAILS[added.code];
}

const personRoutes = (deps: KycRouteDeps): Route[] => [
  route({
    ...PERSON,
    method: 'POST',
    path: '/v1/kyc/documents',
    summary: 'Hand in a document that says who you are, or where you live',
    description:
      'A PNG, JPEG or PDF of at most 5 MB, sealed under a key that goes when the account goes.',
    body: kycDocumentBody,
    uploadBytesMax: KYC_FILE_BYTES_MAX,
    answers: { 201: { description: 'Waits to be looked at', schema: kycDocument } },
    problems: ['limit-exceeded'],
    handle: ({ caller, body: { kind, file } }) => handIn(deps, caller.id, kind, file),
  }),
  route({
    ...PERSON,
    method: 'GET',
    path: '/v1/kyc',
    summary: 'How well you are known, what you may pay, and your documents',
    query: kycQuery,
    answers: { 200: { description: 'The level, its limits, and documents', schema: kycView } },
    async handle({ caller, query: { currency } }) {
      const { kyc } = await deps.kyc.getPerson({ userId: caller.id });
      if (kyc === null) return noSuchPerson;
      const limits = { currency, ...limitsOf(asKycLevel(kyc.level), currency, deps.assets) };
      return { status: 200, body: { level: kyc.level, limits, documents: kyc.documents } };
    },
  }),
];

/** As a download that nothing on the reviewer's machine runs or takes for a page. */
const FILE_HEADERS = {
  'content-disposition': 'attachment',
  'content-security-policy': "sandbox; default-src 'none'",
};

const reviewRoutes = ({ kyc, kycFiles, ...deps }: KycRouteDeps): Route[] => [
  route({
    ...STAFF,
    method: 'GET',
    path: '/v1/admin/kyc',
    summary: 'Documents of people, the longest waiting first',
    query: kycListQuery,
    answers: { 200: { description: 'A page', schema: pageOf(kycDocument) } },
    async handle({ query: { status, limit, cursor } }) {
      const position = cursor === undefined ? {} : { cursor };
      return { status: 200, body: await kyc.listDocuments({ status, limit, ...position }) };
    },
  }),
  route({
    ...STAFF,
    method: 'GET',
    path: '/v1/admin/kyc/:id',
    summary: 'One document',
    answers: { 200: { description: 'Without its file', schema: kycDocument } },
    problems: ['not-found'],
    async handle({ params: { id } }) {
      const { found } = await kyc.getDocument({ id });
      return found === null ? DETAILS['not-found'] : { status: 200, body: found.document };
    },
  }),
  route({
    ...STAFF,
    method: 'GET',
    path: '/v1/admin/kyc/:id/file',
    summary: 'The file of a document',
    answers: { 200: { description: 'As it was handed in', contentType: 'application/pdf' } },
    problems: ['not-found'],
    async handle({ params: { id } }) {
      const { found } = await kyc.getDocument({ id });
      const content = found === null ? null : await kycFiles.open(found.file);
      if (found === null || content === null) return DETAILS['not-found'];
      const contentType = found.document.mediaType;
      return { status: 200, body: content, contentType, headers: FILE_HEADERS };
    },
  }),
  route({
    ...STAFF,
    method: 'POST',
    path: '/v1/admin/kyc/:id/decision',
    summary: 'Accept or reject a document',
    description: 'Final. The level of its owner follows, and with it the limits of their wallets.',
    body: kycDecisionBody,
    answers: { 200: { description: 'The document, and the level now', schema: kycDecisionView } },
    problems: ['not-found', 'document-already-decided'],
    async handle(call) {
      const { caller, params, body } = call;
      const { id } = params;
      const { decision, reason, validUntil } = body;
      const verdict = { id, decision, reason, decidedBy: caller.id };
      const until = validUntil === undefined ? {} : { validUntil };
      const decided = await kyc.decideDocument({ ...verdict, ...until });
      if (!decided.ok) return DETAILS[decided.code];
      const after = decided.document.status;
      await createTellAction(deps)(call, 'kyc-decided', id, { before: 'pending', after });
      return { status: 200, body: { document: decided.document, level: decided.level } };
    },
  }),
];

export const kycRoutes = (deps: KycRouteDeps): Route[] => [
  ...personRoutes(deps),
  ...reviewRoutes(deps),
];
