import type { KycDocument, KycStatus } from '@florin/contracts';
import {
  useInfiniteQuery,
  useQuery,
  useQueryClient,
  useSuspenseQuery,
} from '@tanstack/react-query';
import { Check, FileCheck2, FileDown, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { useParts } from '../api/parts.ts';
import { formatRelative } from '../format/dates.ts';
import { schemaResolver } from '../i18n/schema-resolver.ts';
import { useProblemText } from '../i18n/problem-text.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { may } from '../session/staff.ts';
import { Button } from '../ui/button.tsx';
import { LoadMore } from '../ui/load-more.tsx';
import { Dialog } from '../ui/on-demand.tsx';
import { TextField } from '../ui/field.tsx';
import { saveFile } from '../ui/save-file.ts';
import { SelectField } from '../ui/select-field.tsx';
import { Card, EmptyState, Notice, PageHeader, Pill, Skeleton } from '../ui/surfaces.tsx';
import { showToast } from '../ui/toast-store.ts';
import { ListSkeleton } from '../wallet/transaction-list.tsx';
import { shortId } from '../wallet/transaction-row.tsx';
import { useAdminQueries } from './admin-queries.ts';

const TONES = { pending: 'warn', approved: 'ok', rejected: 'danger', expired: 'neutral' } as const;
const STATUSES = ['pending', 'approved', 'rejected', 'expired'] as const satisfies KycStatus[];

interface Fields {
  reason: string;
}

/** Pictures are shown here; anything else is for a program of the reviewer's own. */
function Viewer({ document }: { document: KycDocument }) {
  const { t } = useTranslation('console');
  const { data: file, isError } = useQuery(useAdminQueries().documentFile(document.id));
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (file === undefined) return undefined;
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  if (isError) return <Notice tone="danger">{t('documents.unreadable')}</Notice>;
  if (file === undefined) return <Skeleton className="h-64" />;
  return document.mediaType.startsWith('image/') ? (
    <img
      src={url}
      alt={t('documents.picture', { kind: document.kind })}
      className="max-h-96 w-full rounded-control bg-sunken object-contain"
    />
  ) : (
    <Button
      look="secondary"
      icon={<FileDown className="size-4.5" aria-hidden />}
      onClick={() => saveFile(file, `${document.kind}-${document.id}.pdf`)}
    >
      {t('documents.open')}
    </Button>
  );
}

function DecisionForm({ document, onDone }: { document: KycDocument; onDone(): void }) {
  const { t } = useTranslation('console');
  const { t: app } = useTranslation();
  const { api } = useParts();
  const queryClient = useQueryClient();
  const problemText = useProblemText();
  const [problem, setProblem] = useState<string>();
  const { register, handleSubmit, formState } = useForm<Fields>({
    resolver: schemaResolver<Fields, Fields>(app, ({ kycDecisionBody }) =>
      kycDecisionBody.pick({ reason: true }),
    ),
  });
  const decide = (verdict: 'approve' | 'reject') =>
    handleSubmit(async ({ reason }) => {
      setProblem(undefined);
      try {
        const body = { decision: verdict, reason };
        const path = { id: document.id };
        await api.call('POST /v1/admin/kyc/{id}/decision', { path, body });
        showToast({ tone: 'ok', title: t(`documents.done.${verdict}`) });
        onDone();
      } catch (error) {
        setProblem(problemText(error));
      }
      await queryClient.invalidateQueries({ queryKey: ['admin', 'GET /v1/admin/kyc'] });
    });
  return (
    <form className="grid gap-4" noValidate onSubmit={(event) => event.preventDefault()}>
      {problem !== undefined && (
        <Notice tone="danger" urgent>
          {problem}
        </Notice>
      )}
      <TextField
        {...register('reason')}
        label={t('documents.reason')}
        hint={t('documents.reasonHint')}
        autoComplete="off"
        error={formState.errors.reason?.message}
      />
      <div className="grid grid-cols-2 gap-2">
        <Button
          look="danger"
          icon={<X className="size-4.5" aria-hidden />}
          onClick={() => void decide('reject')()}
        >
          {t('documents.reject')}
        </Button>
        <Button
          icon={<Check className="size-4.5" aria-hidden />}
          onClick={() => void decide('approve')()}
        >
          {t('documents.approve')}
        </Button>
      </div>
    </form>
  );
}

function Row({ document, onOpen }: { document: KycDocument; onOpen(): void }) {
  const { t } = useTranslation('console');
  const locale = useLocale();
  return (
    <li className="flex min-h-16 flex-wrap items-center gap-x-4 gap-y-1 px-5 py-3">
      <span className="min-w-48 flex-1">
        <span className="block font-semibold">{document.kind}</span>
        <span className="block text-sm text-muted">
          {[
            t('documents.of', { owner: shortId(document.userId) }),
            formatRelative(document.createdAt, locale),
            document.reason,
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </span>
      <Pill tone={TONES[document.status]}>{t(`documents.status.${document.status}`)}</Pill>
      <Button look="secondary" size="small" onClick={onOpen}>
        {t('documents.look')}
      </Button>
    </li>
  );
}

export function DocumentsPage() {
  const { t } = useTranslation('console');
  const { queries } = useParts();
  const { data: me } = useSuspenseQuery(queries.me());
  const [status, setStatus] = useState<KycStatus>('pending');
  const [opened, setOpened] = useState<KycDocument>();
  const query = useInfiniteQuery(useAdminQueries().documents(status));
  const documents = query.data?.pages.flatMap(({ items }) => items);
  return (
    <>
      <PageHeader title={t('documents.title')} description={t('documents.about')} />
      <div className="mb-4 max-w-60">
        <SelectField
          label={t('reviews.show')}
          value={status}
          onChange={({ target }) => setStatus(target.value as KycStatus)}
        >
          {STATUSES.map((one) => (
            <option key={one} value={one}>
              {t(`documents.status.${one}`)}
            </option>
          ))}
        </SelectField>
      </div>
      <Card className="overflow-hidden">
        {documents === undefined && <ListSkeleton />}
        {documents?.length === 0 && (
          <EmptyState
            icon={<FileCheck2 className="size-6" aria-hidden />}
            title={t('documents.none')}
            text={t('documents.noneText')}
          />
        )}
        <ul className="divide-y divide-line">
          {documents?.map((document) => (
            <Row key={document.id} document={document} onOpen={() => setOpened(document)} />
          ))}
        </ul>
        <LoadMore query={query}>{t('more')}</LoadMore>
      </Card>
      {opened !== undefined && (
        <Dialog
          open
          onOpenChange={() => setOpened(undefined)}
          title={opened.kind}
          description={t('documents.of', { owner: shortId(opened.userId) })}
        >
          <div className="grid gap-5">
            <Viewer document={opened} />
            {opened.status === 'pending' && may(me, 'decide-documents') && (
              <DecisionForm document={opened} onDone={() => setOpened(undefined)} />
            )}
          </div>
        </Dialog>
      )}
    </>
  );
}
