import { formatTable } from './format-table.ts';
import type { Report } from './report.ts';
import type { Session } from './session.ts';

interface Flag {
  key: string;
  variant: string;
  variants: string[];
  changedBy?: string;
  changedAt?: string;
}

const tableOf = (flags: readonly Flag[]): string =>
  formatTable(
    ['flag', 'variant', 'may be', 'changed by', 'at'],
    flags.map((flag) => [
      flag.key,
      flag.variant,
      flag.variants.join(' | '),
      flag.changedBy,
      flag.changedAt,
    ]),
  );

export async function listFlags(session: Session): Promise<Report> {
  const data = await session.get<{ items: Flag[] }>('/v1/admin/flags');
  return { data, text: tableOf(data.items) };
}

export async function setFlag(session: Session, key: string, variant: string): Promise<Report> {
  const path = `/v1/admin/flags/${encodeURIComponent(key)}`;
  const data = await session.put<Flag>(path, { variant });
  return { data, text: tableOf([data]) };
}
