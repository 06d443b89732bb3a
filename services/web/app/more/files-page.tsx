import type { BulkFile, BulkFileStatus } from '@florin/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { CircleX, FileDown, FileUp, Pause, Play } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FILE_MS } from '../api/api-client.ts';
import { useAction } from '../api/use-action.ts';
import { useParts } from '../api/parts.ts';
import { formatShort } from '../format/dates.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { LoadMore } from '../ui/load-more.tsx';
import { saveFile } from '../ui/save-file.ts';
import { Card, EmptyState, PageHeader, Pill } from '../ui/surfaces.tsx';
import { ListSkeleton } from '../wallet/transaction-list.tsx';

const UploadDialog = lazy(() => import('./upload-dialog.tsx'));

const TONES = {
  uploading: 'neutral',
  running: 'brand',
  paused: 'warn',
  completed: 'ok',
  cancelled: 'neutral',
} as const satisfies Record<BulkFileStatus, string>;

const COUNTS = ['completed', 'held', 'failed', 'invalid'] as const;
const POLL_MS = 1500;

const isUnderWay = ({ status }: BulkFile): boolean =>
  status === 'uploading' || status === 'running';

function FileActions({ file }: { file: BulkFile }) {
  const { t } = useTranslation('more');
  const { api } = useParts();
  const { busy, act } = useAction();
  const { id, status } = file;
  const change = (verb: 'pause' | 'resume' | 'cancel'): void =>
    void act(() => api.call(`POST /v1/bulk-files/{id}/${verb}`, { path: { id } }), {
      failed: t('files.failed'),
      changes: ['bulk-files', 'wallets', 'transactions'],
    });
  const download = (): void =>
    void act(
      async () => {
        const asked = { path: { id }, timeoutMs: FILE_MS };
        saveFile(await api.file('GET /v1/bulk-files/{id}/result', asked), `${id}.ndjson`);
      },
      { failed: t('files.failed'), changes: [] },
    );
  const icon = 'size-5';
  return (
    <div className="flex gap-1" aria-busy={busy}>
      {status === 'running' && (
        <IconButton label={t('files.pause')} onClick={() => change('pause')}>
          <Pause className={icon} aria-hidden />
        </IconButton>
      )}
      {status === 'paused' && (
        <IconButton label={t('files.resume')} onClick={() => change('resume')}>
          <Play className={icon} aria-hidden />
        </IconButton>
      )}
      {(status === 'running' || status === 'paused') && (
        <IconButton label={t('files.cancel')} onClick={() => change('cancel')}>
          <CircleX className={icon} aria-hidden />
        </IconButton>
      )}
      {file.done > 0 && (
        <IconButton label={t('files.result')} onClick={download}>
          <FileDown className={icon} aria-hidden />
        </IconButton>
      )}
    </div>
  );
}

function FileRow({ file }: { file: BulkFile }) {
  const { t } = useTranslation('more');
  const locale = useLocale();
  const { status, lines, done, counts, createdAt } = file;
  const number = new Intl.NumberFormat(locale);
  return (
    <li className="flex items-start gap-4 px-5 py-4">
      <div className="grid min-w-0 flex-1 gap-1.5">
        <p className="flex flex-wrap items-center gap-2 font-semibold">
          {formatShort(createdAt, locale)}
          <Pill tone={TONES[status]}>{t(`files.status.${status}`)}</Pill>
        </p>
        <progress
          aria-label={t('files.done', { done: number.format(done), lines: number.format(lines) })}
          value={lines === 0 ? 0 : done / lines}
          className="h-2 w-full max-w-100"
        />
        <p className="tabular text-sm text-muted">
          {[
            t('files.done', { done: number.format(done), lines: number.format(lines) }),
            ...COUNTS.flatMap((name) =>
              counts[name] === 0
                ? []
                : [t(`files.counts.${name}`, { number: number.format(counts[name]) })],
            ),
          ].join(' · ')}
        </p>
      </div>
      <FileActions file={file} />
    </li>
  );
}

/** Many payments from a spreadsheet: sent as a file, followed, paused, and accounted for. */
export function FilesPage() {
  const { t } = useTranslation('more');
  const { queries } = useParts();
  const [uploading, setUploading] = useState(false);
  const query = useInfiniteQuery({
    ...queries.bulkFiles(),
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ items }) => items.some(isUnderWay)) === true && POLL_MS,
  });
  const files = query.data?.pages.flatMap(({ items }) => items);
  const upload = (
    <Button onClick={() => setUploading(true)} icon={<FileUp className="size-4.5" aria-hidden />}>
      {t('files.new')}
    </Button>
  );
  return (
    <div className="mx-auto max-w-3xl">
      <PageHeader title={t('files.title')} description={t('files.about')} actions={upload} />
      <Card className="overflow-hidden">
        {query.isPending && <ListSkeleton />}
        {files?.length === 0 && (
          <EmptyState
            icon={<FileUp className="size-6" aria-hidden />}
            title={t('files.none')}
            text={t('files.noneText')}
          />
        )}
        <ul className="divide-y divide-line">
          {files?.map((file) => (
            <FileRow key={file.id} file={file} />
          ))}
        </ul>
        <LoadMore query={query}>{t('files.more')}</LoadMore>
      </Card>
      <Suspense>{uploading && <UploadDialog onClose={() => setUploading(false)} />}</Suspense>
    </div>
  );
}
