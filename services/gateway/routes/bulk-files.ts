import { bulkFile, bulkLine, bulkLineResult, pageOf, pageQuery } from '@florin/contracts';
import type { Payments } from '../adapters/payments.ts';
import type { Caller } from '../domain/caller.ts';
import { bulkFileIdOf } from '../domain/idempotency.ts';
import { isRefusal, refusal, type Refusal } from '../domain/refusal.ts';
import { route, type Answer, type Route } from '../rest/route.ts';
import { writePieces } from '../rest/write-pieces.ts';
import type { UploadBulkFile } from '../upload-bulk-file.ts';

interface BulkFileDeps {
  payments: Payments;
  uploadBulkFile: UploadBulkFile;
}

const TAG = { tag: 'Bulk files' } as const;
const FILE = { description: 'The file and how far it is', schema: bulkFile } as const;
const REFUSALS = ['not-found', 'hold-already-settled'] as const;

const unknown = (id: string): Refusal => refusal('not-found', `there is no file ${id}`);
/** People see their own files, machine clients all. */
const visibleTo = (caller: Caller): { ownerId: string | null } => ({
  ownerId: caller.kind === 'machine' ? null : caller.id,
});

const STATUS_CHANGES = [
  { verb: 'pause', to: 'paused', summary: 'Stop sending the lines of a file for now' },
  { verb: 'resume', to: 'running', summary: 'Go on with a file' },
  { verb: 'cancel', to: 'cancelled', summary: 'Send no more lines of a file' },
] as const;

const statusRoutes = ({ payments }: BulkFileDeps): Route[] =>
  STATUS_CHANGES.map(({ verb, to, summary }) =>
    route({
      ...TAG,
      method: 'POST',
      path: `/v1/bulk-files/:id/${verb}`,
      access: 'transactions:write',
      summary,
      description: 'What was sent to the ledger already is carried out.',
      answers: { 200: FILE },
      problems: REFUSALS,
      async handle({ caller, params: { id } }): Promise<Answer | Refusal> {
        const told = await payments.setBulkFileStatus({ id, to, ...visibleTo(caller) });
        if ('refused' in told) return refusal('hold-already-settled', told.detail);
        return told.file === null ? unknown(id) : { status: 200, body: told.file };
      },
    }),
  );

export function bulkFileRoutes(deps: BulkFileDeps): Route[] {
  const { payments, uploadBulkFile } = deps;
  return [
    route({
      ...TAG,
      method: 'POST',
      path: '/v1/bulk-files',
      access: 'transactions:write',
      summary: 'Upload a file of transfers, one a line',
      description:
        'NDJSON, read as it arrives. Every line stands for itself and becomes an ordinary ' +
        'transfer; those of one payer are decided in the order of the file. An upload that broke ' +
        'off is repeated with the same Idempotency-Key.',
      idempotencyKey: 'required',
      lines: bulkLine,
      answers: { 202: FILE },
      problems: ['limit-exceeded'],
      async handle({ caller, lines, idempotencyKey }) {
        const taken = await uploadBulkFile({
          id: bulkFileIdOf(caller.id, idempotencyKey),
          ownerId: caller.id,
          everyWallet: caller.kind === 'machine',
          bytes: lines(),
        });
        if (isRefusal(taken)) return taken;
        const headers: Record<string, string> = { location: `/v1/bulk-files/${taken.file.id}` };
        if (taken.replayed) headers['idempotency-replayed'] = 'true';
        return { status: 202, body: taken.file, headers };
      },
    }),
    route({
      ...TAG,
      method: 'GET',
      path: '/v1/bulk-files',
      access: 'transactions:read',
      summary: 'The caller’s files, newest first',
      query: pageQuery,
      answers: { 200: { description: 'A page', schema: pageOf(bulkFile) } },
      async handle({ caller, query: { limit, cursor } }) {
        const at = cursor === undefined ? {} : { cursor };
        const question = { limit, ...at, ...visibleTo(caller) };
        return { status: 200, body: await payments.listBulkFiles(question) };
      },
    }),
    route({
      ...TAG,
      method: 'GET',
      path: '/v1/bulk-files/:id',
      access: 'transactions:read',
      summary: 'How far a file is',
      answers: { 200: FILE },
      problems: ['not-found'],
      async handle({ caller, params: { id } }) {
        const { file } = await payments.getBulkFile({ id, ...visibleTo(caller) });
        return file === null ? unknown(id) : { status: 200, body: file };
      },
    }),
    ...statusRoutes(deps),
    route({
      ...TAG,
      method: 'GET',
      path: '/v1/bulk-files/:id/result',
      access: 'transactions:read',
      summary: 'What became of each line, in the order of the file',
      description:
        'NDJSON. While the file is worked on it ends where the first line without a result is.',
      answers: {
        200: {
          description: 'A line for each line',
          schema: bulkLineResult,
          contentType: 'application/x-ndjson',
        },
      },
      problems: ['not-found'],
      async handle({ caller, params: { id } }) {
        const visible = { id, ...visibleTo(caller) };
        const { file } = await payments.getBulkFile(visible);
        if (file === null) return unknown(id);
        const read = async (piece: number): Promise<string | null> =>
          (await payments.readBulkResults({ ...visible, piece })).text;
        return {
          status: 200,
          contentType: 'application/x-ndjson',
          stream: (response) => void writePieces(response, read),
        };
      },
    }),
  ];
}
