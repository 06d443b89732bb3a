import type { UseQueryResult } from '@tanstack/react-query';
import { RefreshCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { useProblemText } from '../i18n/problem-text.ts';
import { Button } from '../ui/button.tsx';
import { Notice, PageHeader, Skeleton } from '../ui/surfaces.tsx';

interface ReportPageProps<Report> {
  title: string;
  about: string;
  /** What the button says that asks again. */
  again: string;
  query: UseQueryResult<Report>;
  children(report: Report): ReactNode;
}

/** A page about one answer of the platform, which can be asked for anew. */
export function ReportPage<Report>({
  title,
  about,
  again,
  query: { data, error, isFetching, refetch },
  children,
}: ReportPageProps<Report>) {
  const problemText = useProblemText();
  return (
    <>
      <PageHeader
        title={title}
        description={about}
        actions={
          <Button
            look="secondary"
            busy={isFetching}
            icon={<RefreshCw className="size-4.5" aria-hidden />}
            onClick={() => void refetch()}
          >
            {again}
          </Button>
        }
      />
      {error && (
        <Notice tone="danger" urgent>
          {problemText(error)}
        </Notice>
      )}
      {data === undefined && !error && <Skeleton className="h-64 rounded-card" />}
      {data !== undefined && children(data)}
    </>
  );
}
