import { useTranslation } from 'react-i18next';
import type { Ref, SelectHTMLAttributes } from 'react';
import type { WalletView } from '../api/answers.ts';
import { formatMoney } from '../format/money.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { SelectField } from '../ui/select-field.tsx';

interface WalletSelectProps extends SelectHTMLAttributes<HTMLSelectElement> {
  label: string;
  wallets: WalletView[];
  error?: string | undefined;
  ref?: Ref<HTMLSelectElement>;
}

/** One of the person's wallets, with what it has. */
export function WalletSelect({ wallets, ...rest }: WalletSelectProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <SelectField {...rest}>
      {wallets.map(({ id, name, currency, balances, status }) => (
        <option key={id} value={id}>
          {name} · {formatMoney(balances.available, currency, locale)}
          {status === 'frozen' ? ` · ${t('wallet.status.frozen')}` : ''}
        </option>
      ))}
    </SelectField>
  );
}
