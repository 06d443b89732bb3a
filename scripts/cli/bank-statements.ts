import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { BankStatement, StatementBreak } from '@florin/contracts';
import { formatTable } from './format-table.ts';
import type { Report } from './report.ts';
import type { Session } from './session.ts';

interface Page<T> {
  items: T[];
}
type Imported = BankStatement & { replayed?: boolean };

const tableOf = (items: readonly Imported[]): string =>
  formatTable(
    ['bank', 'currency', 'day', 'until', 'entries', 'opening', 'closing', 'from'],
    items.map((one) => [
      one.bank,
      one.currency,
      one.day,
      one.to,
      one.entries,
      one.openingBalance,
      one.closingBalance,
      one.replayed === true ? 'known' : one.source,
    ]),
  );

/** What banks have said so far. */
export async function listStatements(session: Session, bank: string | undefined): Promise<Report> {
  const query = bank === undefined ? '' : `&bank=${encodeURIComponent(bank)}`;
  const data = await session.get<Page<BankStatement>>(`/v1/admin/statements?limit=100${query}`);
  return { data, text: tableOf(data.items) };
}

/** Asks banks now. One that does not answer makes the command fail, and no other one wait. */
export async function fetchStatements(session: Session, bank: string | undefined): Promise<Report> {
  const data = await session.post<
    Page<Imported> & { failures: { bank: string; detail: string }[] }
  >('/v1/admin/statements/fetch', bank === undefined ? {} : { bank });
  const failed = data.failures.length > 0;
  const failures = data.failures.map((one) => [one.bank, one.detail]);
  const told = failed ? `\n\n${formatTable(['bank', 'tells nothing'], failures)}` : '';
  return { data, text: tableOf(data.items) + told, failed };
}

export async function uploadStatement(session: Session, file: string): Promise<Report> {
  const form = new FormData();
  form.append('file', new Blob([readFileSync(file)]), basename(file));
  const data = await session.upload<Page<Imported>>('/v1/admin/statements', form);
  return { data, text: tableOf(data.items) };
}

const SHOWN = ['id', 'bank', 'currency', 'kind', 'status', 'difference', 'foundAt'] as const;

/** What differs between banks and books. */
export async function listBreaks(session: Session, status: string): Promise<Report> {
  const path = `/v1/admin/breaks?limit=100&status=${status}`;
  const data = await session.get<Page<StatementBreak>>(path);
  const rows = data.items.map((one) => SHOWN.map((name) => one[name]));
  return { data, text: formatTable([...SHOWN], rows) };
}

interface Known extends StatementBreak {
  history: { at: string; step: string; by?: string; action?: string; note?: string }[];
}

const pathOf = (id: string): string => `/v1/admin/breaks/${encodeURIComponent(id)}`;

const describe = ({ correction, ...one }: StatementBreak): string =>
  formatTable(
    ['', ''],
    Object.entries({ ...one, ...(correction && { corrects: correction.direction }) })
      .filter(([name]) => name !== 'history')
      .map(([name, value]) => [name, String(value)]),
  );

/** One of them, and everything that was done about it. */
export async function showBreak(session: Session, id: string): Promise<Report> {
  const data = await session.get<Known>(pathOf(id));
  const steps = data.history.map(({ at, step, by, action, note }) => [at, step, by, action, note]);
  const history = formatTable(['at', 'step', 'by', 'action', 'note'], steps);
  return { data, text: `${describe(data)}\n\n${history}` };
}

export interface Word {
  action?: string;
  note?: string | undefined;
}

/** A proposal, or the verdict of somebody else about it. */
export async function workBreak(
  session: Session,
  id: string,
  verb: 'propose' | 'approve' | 'reject',
  word: Word,
): Promise<Report> {
  const data = await session.post<StatementBreak>(`${pathOf(id)}/${verb}`, { ...word });
  return { data, text: describe(data) };
}
