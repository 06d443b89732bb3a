import { useTranslation } from 'react-i18next';
import type { TransactionView } from '../api/answers.ts';
import { formatShort } from '../format/dates.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { standingOf } from './describe-transaction.ts';

/** Why a transaction stands where it stands, in plain words; undefined when nothing is to say. */
export function useReasonText(): (transaction: TransactionView) => string | undefined {
  const { t } = useTranslation();
  const locale = useLocale();
  return (transaction) => {
    const { failure, review, type } = transaction;
    switch (standingOf(transaction)) {
      case 'failed':
        return failure === undefined ? undefined : t(`reason.${failure.code}`);
      case 'held-for-review': {
        const until = review === undefined ? '' : formatShort(review.expiresAt, locale);
        return t('reason.review', { until });
      }
      case 'held-for-bank':
        return t('reason.bank');
      case 'held-for-payee':
        return t('reason.payee');
      case 'pending':
        return type === 'deposit' ? t('reason.bankPaying') : t('reason.pending');
      case 'reversed':
        return t('reason.reversed');
      case 'completed':
        return undefined;
    }
  };
}
