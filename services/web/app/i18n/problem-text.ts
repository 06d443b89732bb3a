import { FlorinProblem, Unreachable } from '@florin/client';
import type { Currency } from '@florin/kernel';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { NoAnswerYet, UnsettledAttempt } from '../api/payment-attempts.ts';
import { formatMoney } from '../format/money.ts';
import { useLocale } from './start-i18n.ts';

/** Why something did not happen, in plain words. Unknown codes show the API's own sentence. */
export function problemText(t: TFunction, locale: string, error: unknown): string {
  if (error instanceof NoAnswerYet) return t('problem.noAnswer');
  if (error instanceof UnsettledAttempt) return t('problem.unsettled');
  if (error instanceof Unreachable) return t('problem.unreachable');
  if (!(error instanceof FlorinProblem)) return t('problem.internal');
  const { code, detail, available, transaction, traceId } = error.problem;
  if (code === 'insufficient-funds' && available !== undefined && transaction) {
    const amount = formatMoney(available, transaction.currency as Currency, locale);
    return t('problem.insufficient-funds-available', { amount });
  }
  // Not the API's word, but that of something on the way to it.
  if (code === 'unreadable-answer') return t('problem.internal');
  if (code === 'internal') return t('problem.internalTrace', { traceId });
  return t([`problem.${code}`, 'problem.other'] as never, { detail });
}

export function useProblemText(): (error: unknown) => string {
  const { t } = useTranslation();
  const locale = useLocale();
  return (error) => problemText(t, locale, error);
}
