import { useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { FileUp } from 'lucide-react';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { KycView } from '../api/answers.ts';
import { FILE_MS } from '../api/api-client.ts';
import { fetchWithProgress } from '../api/fetch-with-progress.ts';
import { useParts } from '../api/parts.ts';
import { formatShort } from '../format/dates.ts';
import { formatMoney } from '../format/money.ts';
import { useProblemText } from '../i18n/problem-text.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { SelectField } from '../ui/select-field.tsx';
import { Notice, Pill, Skeleton } from '../ui/surfaces.tsx';
import { showToast } from '../ui/toast-store.ts';
import { SettingsSection } from './settings-section.tsx';
import { joinClasses } from '../ui/join-classes.ts';

/** As the API takes them. */
const MEDIA_TYPES = 'image/png,image/jpeg,application/pdf';
const FILE_BYTES_MAX = 5 * 1024 * 1024;
const KINDS = ['passport', 'identity-card', 'proof-of-address'] as const;
const TONES = { pending: 'warn', approved: 'ok', rejected: 'danger', expired: 'neutral' } as const;

const isKind = (kind: string): kind is (typeof KINDS)[number] =>
  KINDS.some((known) => known === kind);

interface Fields {
  kind: (typeof KINDS)[number];
  file: FileList;
}

function UploadForm() {
  const { t } = useTranslation();
  const { api } = useParts();
  const queryClient = useQueryClient();
  const problemText = useProblemText();
  const [problem, setProblem] = useState<string>();
  const [progress, setProgress] = useState<number>();
  const { register, handleSubmit, formState, reset } = useForm<Fields>();
  const submit = handleSubmit(async ({ kind, file }) => {
    setProblem(undefined);
    const form = new FormData();
    form.set('kind', kind);
    form.set('file', file[0] as File);
    try {
      setProgress(0);
      await api.call('POST /v1/kyc/documents', {
        body: form,
        fetch: fetchWithProgress(setProgress),
        timeoutMs: FILE_MS,
      });
      reset();
      showToast({ tone: 'ok', title: t('kyc.sent') });
      await queryClient.invalidateQueries({ queryKey: ['kyc'] });
    } catch (error) {
      setProblem(problemText(error));
    }
    setProgress(undefined);
  });
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-5">
      {problem !== undefined && (
        <Notice tone="danger" urgent>
          {problem}
        </Notice>
      )}
      <SelectField {...register('kind')} label={t('kyc.kindOf')}>
        {KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {t(`kyc.kind.${kind}`)}
          </option>
        ))}
      </SelectField>
      <TextField
        {...register('file', {
          validate: (files) => {
            const [file] = files;
            if (file === undefined) return t('form.required');
            return file.size <= FILE_BYTES_MAX || t('kyc.tooLarge');
          },
        })}
        type="file"
        accept={MEDIA_TYPES}
        label={t('kyc.file')}
        hint={t('kyc.fileHint')}
        error={formState.errors.file?.message}
        className={joinClasses(
          'py-2.5 file:mr-3 file:rounded-lg file:bg-sunken file:px-3 file:py-1',
          'file:font-semibold',
        )}
      />
      {progress !== undefined && (
        <progress value={progress} aria-label={t('kyc.sending')} className="w-full" />
      )}
      <Button
        type="submit"
        look="secondary"
        busy={formState.isSubmitting}
        icon={<FileUp className="size-4.5" aria-hidden />}
        className="justify-self-start"
      >
        {t('kyc.send')}
      </Button>
    </form>
  );
}

function Limits({ limits }: Pick<KycView, 'limits'>) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <dl className="grid gap-x-8 gap-y-2 text-sm sm:grid-cols-3">
      {(['perTransaction', 'perDay', 'perMonth'] as const).map((name) => (
        <div key={name}>
          <dt className="text-muted">{t(`kyc.limit.${name}`)}</dt>
          <dd className="tabular font-semibold">
            {formatMoney(limits[name], limits.currency, locale)}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Documents({ documents }: Pick<KycView, 'documents'>) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <ul className="grid gap-2">
      {documents.map(({ id, kind, status, reason, createdAt }) => (
        <li
          key={id}
          className={joinClasses(
            'flex flex-wrap items-center gap-x-4 gap-y-1 rounded-control bg-sunken p-4',
            'text-sm',
          )}
        >
          <span className="min-w-40 flex-1">
            <span className="block font-semibold">
              {isKind(kind) ? t(`kyc.kind.${kind}`) : kind}
            </span>
            <span className="block text-muted">
              {[formatShort(createdAt, locale), reason].filter(Boolean).join(' · ')}
            </span>
          </span>
          <Pill tone={TONES[status]}>{t(`kyc.status.${status}`)}</Pill>
        </li>
      ))}
    </ul>
  );
}

/** How well we know somebody, what that allows, and how to be known better. */
export function VerificationSettings() {
  const { t } = useTranslation();
  const { queries } = useParts();
  const { data: wallets } = useSuspenseQuery(queries.wallets());
  const { data: kyc } = useQuery(queries.kyc(wallets.at(-1)?.currency ?? 'USD'));
  return (
    <SettingsSection title={t('kyc.title')} text={t('kyc.text')}>
      {kyc === undefined ? (
        <Skeleton className="h-40" />
      ) : (
        <>
          <Limits limits={kyc.limits} />
          <Documents documents={kyc.documents} />
        </>
      )}
      <UploadForm />
    </SettingsSection>
  );
}
