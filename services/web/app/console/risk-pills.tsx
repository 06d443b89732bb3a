import type { ReviewStatus } from '@florin/contracts';
import { useTranslation } from 'react-i18next';
import { useLocale } from '../i18n/start-i18n.ts';
import { Pill } from '../ui/surfaces.tsx';

export const formatPercent = (share: number, locale: string): string =>
  new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(share);

/** How likely a fraud was thought to be; without a score a policy decided. */
export function ScorePill({ score }: { score: number | null | undefined }) {
  const { t } = useTranslation('console');
  const locale = useLocale();
  if (score === null || score === undefined) return <Pill>{t('reviews.unscored')}</Pill>;
  return <Pill tone={score >= 0.5 ? 'danger' : 'warn'}>{formatPercent(score, locale)}</Pill>;
}

const TONES = { open: 'warn', approved: 'ok', declined: 'danger', expired: 'neutral' } as const;

export function VerdictPill({ status }: { status: ReviewStatus }) {
  const { t } = useTranslation('console');
  return <Pill tone={TONES[status]}>{t(`reviews.status.${status}`)}</Pill>;
}
