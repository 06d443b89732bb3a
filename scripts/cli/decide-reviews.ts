import type { Risk } from '@florin/contracts';
import { formatTable } from './format-table.ts';
import type { Report } from './report.ts';
import type { Session } from './session.ts';

interface Reviewed {
  id: string;
  type: string;
  status: string;
  amount: string;
  currency: string;
  risk?: Risk;
  review?: { status: string; openedAt: string; expiresAt: string; decidedBy?: string };
}

const MAIN_REASONS = 2;

const reasonsOf = ({ risk }: Reviewed): string =>
  (risk?.reasons ?? [])
    .slice(0, MAIN_REASONS)
    .map(({ text }) => text)
    .join('; ');

const tableOf = (reviews: readonly Reviewed[]): string =>
  formatTable(
    ['transaction', 'type', 'amount', 'status', 'score', 'review', 'until', 'why'],
    reviews.map((one) => [
      one.id,
      one.type,
      `${one.amount} ${one.currency}`,
      one.status,
      one.risk?.score?.toFixed(3) ?? 'not scored',
      one.review?.status,
      one.review?.expiresAt,
      reasonsOf(one),
    ]),
  );

export async function listReviews(session: Session, status: string): Promise<Report> {
  const path = `/v1/admin/reviews?limit=100&status=${encodeURIComponent(status)}`;
  const data = await session.get<{ items: Reviewed[] }>(path);
  return { data, text: tableOf(data.items) };
}

export async function decideReview(
  session: Session,
  transactionId: string,
  { verdict, note }: { verdict: 'approve' | 'decline'; note: string | undefined },
): Promise<Report> {
  const path = `/v1/admin/reviews/${encodeURIComponent(transactionId)}/${verdict}`;
  const data = await session.post<Reviewed>(path, note === undefined ? {} : { note });
  return { data, text: tableOf([data]) };
}
