import { useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParts } from '../api/parts.ts';
import { formatMoment } from '../format/dates.ts';
import { useProblemText } from '../i18n/problem-text.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { may } from '../session/staff.ts';
import { ConfirmDialog } from '../ui/dialog.tsx';
import { joinClasses } from '../ui/join-classes.ts';
import { Card, PageHeader, Pill, Skeleton } from '../ui/surfaces.tsx';
import { showToast } from '../ui/toast-store.ts';
import { useAdminQueries, type FlagView, type ModelView } from './admin-queries.ts';
import { formatPercent } from './risk-pills.tsx';

const KEY = 'fraud-scoring';
const VARIANTS = ['enforce', 'shadow', 'off'] as const;
type Variant = (typeof VARIANTS)[number];

/** The new variant shows at once and is taken back when the API says no. */
function useSetFlag(flag: FlagView) {
  const { api } = useParts();
  const { queryKey } = useAdminQueries().flags();
  const queryClient = useQueryClient();
  const { t } = useTranslation('console');
  const problemText = useProblemText();
  const put = (next: FlagView): void =>
    void queryClient.setQueryData<FlagView[]>(queryKey, (all = []) =>
      all.map((one) => (one.key === next.key ? next : one)),
    );
  return async (variant: Variant): Promise<void> => {
    await queryClient.cancelQueries({ queryKey });
    put({ ...flag, variant });
    try {
      put(await api.call<FlagView>('PUT', `/v1/admin/flags/${KEY}`, { body: { variant } }));
      showToast({ tone: 'ok', title: t('flags.done', { variant: t(`flags.variant.${variant}`) }) });
    } catch (error) {
      put(flag);
      showToast({ tone: 'danger', title: t('flags.notChanged'), text: problemText(error) });
    }
  };
}

function FraudScoring({ flag, changeable }: { flag: FlagView; changeable: boolean }) {
  const { t } = useTranslation('console');
  const locale = useLocale();
  const setFlag = useSetFlag(flag);
  const [asked, setAsked] = useState<Variant>();
  return (
    <Card className="p-5 sm:p-6">
      <fieldset className="grid gap-3">
        <legend className="mb-1 text-lg font-bold">{t('flags.scoring')}</legend>
        {VARIANTS.map((variant) => (
          <label
            key={variant}
            className={joinClasses(
              'flex gap-3 rounded-control border p-4',
              'has-focus-visible:outline-2 has-focus-visible:outline-brand',
              flag.variant === variant ? 'border-brand bg-brand-soft' : 'border-line',
              changeable && 'cursor-pointer',
            )}
          >
            <input
              type="radio"
              name={KEY}
              checked={flag.variant === variant}
              disabled={!changeable}
              onChange={() => setAsked(variant)}
              className="mt-1 size-4 accent-(--brand)"
            />
            <span>
              <span className="block font-semibold">{t(`flags.variant.${variant}`)}</span>
              <span className="block text-sm text-muted">{t(`flags.about.${variant}`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {flag.changedAt !== undefined && (
        <p className="mt-4 text-sm text-muted">
          {t('flags.changed', { time: formatMoment(flag.changedAt, locale) })}
        </p>
      )}
      {asked !== undefined && (
        <ConfirmDialog
          open
          onOpenChange={() => setAsked(undefined)}
          title={t('flags.ask', { variant: t(`flags.variant.${asked}`) })}
          description={t(`flags.warning.${asked}`)}
          confirm={t('flags.confirm')}
          danger={asked === 'off'}
          onConfirm={() => {
            setAsked(undefined);
            void setFlag(asked);
          }}
        />
      )}
    </Card>
  );
}

/** "averagePrecision" → "average precision" */
const wordsOf = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function Model({ model }: { model: ModelView }) {
  const { t } = useTranslation('console');
  const locale = useLocale();
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 4 });
  return (
    <li className="grid gap-3 p-5">
      <div className="flex flex-wrap items-center gap-3">
        <p className="font-semibold wrap-anywhere">{model.modelVersion}</p>
        <Pill tone={model.role === 'champion' ? 'brand' : 'neutral'}>
          {t(`models.${model.role}`)}
        </Pill>
      </div>
      <dl className="grid gap-x-8 gap-y-1 text-sm sm:grid-cols-2">
        <div className="flex justify-between gap-4">
          <dt className="text-muted">{t('models.reviewFrom')}</dt>
          <dd className="tabular font-medium">{formatPercent(model.reviewFrom, locale)}</dd>
        </div>
        <div className="flex justify-between gap-4">
          <dt className="text-muted">{t('models.blockFrom')}</dt>
          <dd className="tabular font-medium">{formatPercent(model.blockFrom, locale)}</dd>
        </div>
        {Object.entries(model.metrics).map(([name, value]) => (
          <div key={name} className="flex justify-between gap-4">
            <dt className="text-muted">{wordsOf(name)}</dt>
            <dd className="tabular font-medium">{number.format(value)}</dd>
          </div>
        ))}
      </dl>
    </li>
  );
}

function Models() {
  const { t } = useTranslation('console');
  const { data, isPending } = useQuery(useAdminQueries().models());
  if (isPending) return <Skeleton className="h-48 rounded-card" />;
  return (
    <Card>
      <h2 className="px-5 pt-5 text-lg font-bold">{t('models.title')}</h2>
      {data === undefined ? (
        <p className="px-5 pt-2 pb-5 text-muted">{t('models.silent')}</p>
      ) : (
        <ul className="divide-y divide-line">
          {data.models.map((model) => (
            <Model key={model.modelVersion} model={model} />
          ))}
        </ul>
      )}
    </Card>
  );
}

export function FlagsPage() {
  const { t } = useTranslation('console');
  const { queries } = useParts();
  const { data: me } = useSuspenseQuery(queries.me());
  const { data: flags } = useQuery(useAdminQueries().flags());
  const flag = flags?.find(({ key }) => key === KEY);
  return (
    <div className="max-w-3xl">
      <PageHeader title={t('flags.title')} description={t('flags.lead')} />
      <div className="grid gap-6">
        {flag ? (
          <FraudScoring flag={flag} changeable={may(me, 'decide-risk')} />
        ) : (
          <Skeleton className="h-80 rounded-card" />
        )}
        <Models />
      </div>
    </div>
  );
}
