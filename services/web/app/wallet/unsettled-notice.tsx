import { Unplug } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Attempt } from '../api/payment-attempts.ts';
import { formatMoney } from '../format/money.ts';
import { formatShort } from '../format/dates.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/surfaces.tsx';
import { useMyWallets } from './use-my-wallets.ts';
import type { PaymentForm } from './use-payment.ts';

/** Before a form begins another payment, the one whose answer got lost is asked about. */
export function UnsettledNotice({ attempt, form }: { attempt: Attempt; form: PaymentForm }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { find } = useMyWallets();
  const { body = {}, startedAt } = attempt;
  const wallet = find(String(body['fromWalletId'] ?? body['walletId']));
  const minor = body['amount'];
  const amount =
    wallet && typeof minor === 'string' ? formatMoney(minor, wallet.currency, locale) : '';
  return (
    <Notice
      tone="warn"
      icon={<Unplug className="mt-0.5 size-5 shrink-0" aria-hidden />}
      title={t('pay.unsettledTitle')}
    >
      <p>{t('pay.unsettledText', { amount, time: formatShort(startedAt, locale) })}</p>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button size="small" onClick={() => void form.resume()}>
          {t('pay.ask')}
        </Button>
        <Button size="small" look="quiet" onClick={form.abandon}>
          {t('pay.abandon')}
        </Button>
      </div>
    </Notice>
  );
}
