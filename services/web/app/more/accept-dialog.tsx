import type { PaymentRequestView } from '@florin/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../api/use-action.ts';
import { useParts } from '../api/parts.ts';
import { formatMoney } from '../format/money.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { ConfirmDialog } from '../ui/dialog.tsx';
import { Notice } from '../ui/surfaces.tsx';
import { useMyWallets } from '../wallet/use-my-wallets.ts';
import { WalletSelect } from '../wallet/wallet-select.tsx';

interface AcceptDialogProps {
  request: PaymentRequestView;
  onClose(): void;
}

/** Pays what was asked for: once, under a key that outlives a lost answer. */
export default function AcceptDialog({ request, onClose }: AcceptDialogProps) {
  const { t } = useTranslation('more');
  const { t: app } = useTranslation();
  const locale = useLocale();
  const { attempts } = useParts();
  const { open } = useMyWallets();
  const { busy, act } = useAction();
  const { id, amount, currency, requesterName = '' } = request;
  const wallets = open.filter((wallet) => wallet.currency === currency);
  const [chosen, setChosen] = useState(wallets[0]?.id ?? '');
  async function pay(): Promise<void> {
    const order = { path: { id }, body: { fromWalletId: chosen } };
    const accept = 'POST /v1/payment-requests/{id}/accept';
    const done = await act(() => attempts.submit(`accept.${id}`, accept, order), {
      done: t('requests.done.pay'),
      failed: t('requests.failed'),
      changes: ['payment-requests', 'wallets', 'transactions'],
    });
    if (done) onClose();
  }
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t('requests.askPay', { amount: formatMoney(amount, currency, locale) })}
      description={t('requests.askPayText', { who: requesterName })}
      confirm={t('requests.pay')}
      busy={busy}
      onConfirm={() => void (wallets.length > 0 && pay())}
    >
      {wallets.length === 0 ? (
        <Notice tone="warn">{t('requests.noWallet', { currency })}</Notice>
      ) : (
        <WalletSelect
          label={app('pay.from')}
          wallets={wallets}
          value={chosen}
          onChange={({ target }) => setChosen(target.value)}
        />
      )}
    </ConfirmDialog>
  );
}
