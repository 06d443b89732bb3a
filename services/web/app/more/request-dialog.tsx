import { useTranslation } from 'react-i18next';
import { useParts } from '../api/parts.ts';
import { OrderDialog, type Order } from './order-dialog.tsx';

/** Asks somebody to pay. */
export default function RequestDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation('more');
  const { api } = useParts();
  const send = ({ walletId, other, ...rest }: Order, _fields: unknown, idempotencyKey: string) => {
    const body = { ...rest, fromEmail: other, toWalletId: walletId };
    return api.call('POST /v1/payment-requests', { body, idempotencyKey });
  };
  return (
    <OrderDialog
      texts={{
        title: t('requests.new'),
        about: t('requests.newText'),
        other: t('requests.from'),
        wallet: t('requests.into'),
        submit: t('requests.ask'),
        done: t('requests.asked'),
        failed: t('requests.failed'),
      }}
      otherIs="email"
      send={send}
      changes={['payment-requests']}
      onClose={onClose}
    />
  );
}
