import {
  bankStatementEntryView,
  bankStatementView,
  fetchedStatementsView,
  fetchStatementsBody,
  importedStatementsView,
  pageOf,
  STATEMENT_FILE_BYTES_MAX,
  statementEntriesQuery,
  statementsQuery,
  statementUploadBody,
  type STATEMENT_REQUESTS,
} from '@florin/contracts';
import type { RecordAction } from '@florin/messaging';
import type { z } from 'zod';
import type { Statements } from '../adapters/statements.ts';
import type { Caller } from '../domain/caller.ts';
import { refusal, type Refusal } from '../domain/refusal.ts';
import { route, type Answer, type Route } from '../rest/route.ts';

interface StatementRouteDeps {
  statements: Statements;
  /** Tells the audit log. */
  record: RecordAction;
}

/** Banks are asked meanwhile, or a file is matched with the books. */
const IMPORT_TIMEOUT_MS = 30_000;

const SHARED = { tag: 'Bank statements', access: 'admin' } as const;

type Refused = Extract<
  z.output<(typeof STATEMENT_REQUESTS)['importStatements']['response']>,
  { ok: false }
>;

function importRefusal({ code, detail }: Refused): Refusal {
  if (code === 'outdated') return refusal('changed-meanwhile', detail);
  return refusal('validation-failed', detail, {
    facts: { errors: [{ pointer: '/file', detail }] },
  });
}

export function statementRoutes({ statements, record }: StatementRouteDeps): Route[] {
  async function upload(caller: Caller, file: File, requestId: string): Promise<Answer | Refusal> {
    const content = Buffer.from(await file.arrayBuffer()).toString('base64');
    const imported = await statements.importStatements(
      { content, importedBy: caller.id },
      { timeoutMs: IMPORT_TIMEOUT_MS },
    );
    if (!imported.ok) return importRefusal(imported);
    for (const { id, bank, currency, day, closingBalance, importedAt } of imported.statements) {
      await record({
        id: `statement-${id}`,
        at: importedAt,
        actorId: caller.id,
        action: 'statement-uploaded',
        target: id,
        after: `${bank} ${currency} of ${day}, closing with ${closingBalance}`,
        requestId,
      });
    }
    return { status: 200, body: { items: imported.statements } };
  }

  return [
    route({
      ...SHARED,
      method: 'GET',
      path: '/v1/admin/statements',
      summary: 'Statements of banks, the last imported first',
      query: statementsQuery,
      answers: { 200: { description: 'A page', schema: pageOf(bankStatementView) } },
      async handle({ query: { limit, cursor, bank, currency } }) {
        const page = await statements.listStatements({
          limit,
          ...(bank === undefined ? {} : { bank }),
          ...(currency === undefined ? {} : { currency }),
          ...(cursor === undefined ? {} : { cursor }),
        });
        return { status: 200, body: page };
      },
    }),
    route({
      ...SHARED,
      method: 'POST',
      path: '/v1/admin/statements',
      summary: 'Upload a file of statements, and match them with the books',
      description:
        'CSV or camt.053, of one bank or several. The same file again changes nothing; a later ' +
        'one of a day takes the place of an earlier one.',
      body: statementUploadBody,
      uploadBytesMax: STATEMENT_FILE_BYTES_MAX,
      answers: { 200: { description: 'What is in it', schema: importedStatementsView } },
      problems: ['changed-meanwhile'],
      handle: ({ caller, body: { file }, requestId }) => upload(caller, file, requestId),
    }),
    route({
      ...SHARED,
      method: 'POST',
      path: '/v1/admin/statements/fetch',
      summary: 'Ask the banks for their statements now, and match them with the books',
      description: 'They are asked by themselves, too, every minute unless it is set otherwise.',
      body: fetchStatementsBody,
      bodyOptional: true,
      answers: { 200: { description: 'What came of it', schema: fetchedStatementsView } },
      async handle({ body: { bank } }) {
        const { statements: items, failures } = await statements.fetchStatements(
          bank === undefined ? {} : { bank },
          { timeoutMs: IMPORT_TIMEOUT_MS },
        );
        return { status: 200, body: { items, failures } };
      },
    }),
    route({
      ...SHARED,
      method: 'GET',
      path: '/v1/admin/statements/:id',
      summary: 'A statement',
      answers: { 200: { description: 'The statement', schema: bankStatementView } },
      problems: ['not-found'],
      async handle({ params: { id } }) {
        const { statement } = await statements.getStatement({ id });
        if (statement === null) return refusal('not-found', `there is no statement ${id}`);
        return { status: 200, body: statement };
      },
    }),
    route({
      ...SHARED,
      method: 'GET',
      path: '/v1/admin/statements/:id/entries',
      summary: 'The entries of a statement, and what each was matched with',
      query: statementEntriesQuery,
      answers: { 200: { description: 'A page', schema: pageOf(bankStatementEntryView) } },
      problems: ['not-found'],
      async handle({ params: { id }, query: { limit, cursor, state } }) {
        const { statement } = await statements.getStatement({ id });
        if (statement === null) return refusal('not-found', `there is no statement ${id}`);
        const page = await statements.listStatementEntries({
          statementId: id,
          limit,
          ...(state === undefined ? {} : { state }),
          ...(cursor === undefined ? {} : { cursor }),
        });
        return { status: 200, body: page };
      },
    }),
  ];
}
