import { useTranslation } from 'react-i18next';
import { useParts } from '../api/parts.ts';
import { SelectField } from '../ui/select-field.tsx';
import { OrderDialog, type Order, type OrderFields } from './order-dialog.tsx';

const HOURS = [1, 24, 72, 168] as const;

/** Reserves money for somebody, who takes what it comes to in the end: a deposit for a key. */
export default function HoldDialog({ walletId, onClose }: { walletId: string; onClose(): void }) {
  const { t } = useTranslation('more');
  const { t: app } = useTranslation();
  const { attempts } = useParts();
  const send = ({ other, ...rest }: Order, { hours }: OrderFields) =>
    attempts.submit('hold', 'POST /v1/holds', {
      body: { ...rest, toWalletId: other, expiresInSeconds: Number(hours) * 3600 },
    });
  return (
    <OrderDialog
      texts={{
        title: t('holds.new'),
        about: t('holds.newText'),
        other: app('pay.toField.wallet'),
        wallet: app('pay.from'),
        submit: t('holds.place'),
        done: t('holds.placed'),
        failed: t('holds.failed'),
      }}
      otherIs="wallet"
      initial={{ walletId, hours: '24' }}
      send={send}
      changes={['wallet', 'wallets', 'transactions']}
      onClose={onClose}
    >
      {({ register }) => (
        <SelectField {...register('hours')} label={t('holds.ends')}>
          {HOURS.map((hours) => (
            <option key={hours} value={hours}>
              {t('holds.hours', { count: hours })}
            </option>
          ))}
        </SelectField>
      )}
    </OrderDialog>
  );
}
