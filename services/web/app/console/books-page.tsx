import { useQuery } from '@tanstack/react-query';
import { Scale, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { formatMoment } from '../format/dates.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { Card, EmptyState } from '../ui/surfaces.tsx';
import { useAdminQueries } from './admin-queries.ts';
import { ReportPage } from './report-page.tsx';

/** Whether the books are right, and where they are not. */
export function BooksPage() {
  const { t } = useTranslation('console');
  const { t: app } = useTranslation();
  const locale = useLocale();
  const query = useQuery(useAdminQueries().reconciliation());
  return (
    <ReportPage
      title={app('nav.books')}
      about={t('books.about')}
      again={t('books.check')}
      query={query}
    >
      {(data) => (
        <Card className="overflow-hidden">
          <div role="status">
            {data.ok ? (
              <EmptyState
                icon={<Scale className="size-6" aria-hidden />}
                title={t('books.fine')}
                text={t('books.checkedAt', { time: formatMoment(data.checkedAt, locale) })}
              />
            ) : (
              <div className="grid gap-1 p-5">
                <h2 className="flex items-center gap-2 text-lg font-bold text-danger">
                  <TriangleAlert className="size-5" aria-hidden />
                  {t('books.breaks', { count: data.breaks.length })}
                </h2>
                <p className="text-sm text-muted">
                  {t('books.checkedAt', { time: formatMoment(data.checkedAt, locale) })}
                </p>
              </div>
            )}
          </div>
          {data.breaks.length > 0 && (
            <ul className="divide-y divide-line border-t border-line">
              {data.breaks.map(({ invariant, detail }) => (
                <li key={`${invariant} ${detail}`} className="grid gap-0.5 px-5 py-3.5">
                  <p className="font-semibold">{invariant}</p>
                  <p className="text-sm wrap-anywhere text-muted">{detail}</p>
                </li>
              ))}
            </ul>
          )}
        </Card>
      )}
    </ReportPage>
  );
}
