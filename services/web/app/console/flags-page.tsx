import { useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParts } from '../api/parts.ts';
import { formatMoment } from '../format/dates.ts';
import { useProblemText } from '../i18n/problem-text.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { may } from '../session/staff.ts';
import { ConfirmDialog } from '../ui/on-demand.tsx';
import { joinClasses } from '../ui/join-classes.ts';
import { Card, PageHeader, Skeleton } from '../ui/surfaces.tsx';
import { showToast } from '../ui/toast-store.ts';
import { useAdminQueries, type FlagView } from './admin-queries.ts';

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
      put(await api.call(`PUT /v1/admin/flags/${KEY}`, { body: { variant } }));
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
      </div>
    </div>
  );
}
