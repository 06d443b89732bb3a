import type { RewardTerms } from '@florin/contracts';
import type { Currency } from '@florin/kernel';
import { Flame, Landmark, Percent, Users, type LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { formatMoney } from '../format/money.ts';
import { formatPercent } from '../format/percent.ts';
import { useLocale } from '../i18n/start-i18n.ts';

export const REWARD_ICONS: Record<RewardTerms['kind'], LucideIcon> = {
  cashback: Percent,
  'first-deposit': Landmark,
  referral: Users,
  streak: Flame,
};

/** What a rule promises, in a sentence. */
export function useTermsText(): (terms: RewardTerms, currency: Currency) => string {
  const { t } = useTranslation('more');
  const locale = useLocale();
  return (terms, currency) => {
    if (terms.kind === 'cashback') {
      const percent = formatPercent(terms.basisPoints, locale);
      return t('rewards.terms.cashback', { percent, currency });
    }
    const amount = formatMoney(terms.reward, currency, locale);
    if (terms.kind === 'referral') return t(`rewards.terms.${terms.beneficiary}`, { amount });
    if (terms.kind === 'first-deposit') return t('rewards.terms.deposit', { amount });
    return t('rewards.terms.streak', { amount, count: terms.pointsPerReward });
  };
}
