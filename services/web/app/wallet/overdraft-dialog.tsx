import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { WalletView } from '../api/answers.ts';
import { useAction } from '../api/use-action.ts';
import { useParts } from '../api/parts.ts';
import { formatMoney, parseMoney } from '../format/money.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { AmountField } from './amount-field.tsx';

interface Fields {
  limit: string;
  reason: string;
}

/** The staff lets a wallet go below zero, so far; an empty field ends that. */
export default function OverdraftDialog({
  wallet,
  onClose,
}: {
  wallet: WalletView;
  onClose(): void;
}) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { api } = useParts();
  const { busy, act } = useAction();
  const { register, handleSubmit, formState } = useForm<Fields>({
    defaultValues: { limit: '', reason: '' },
  });
  const { errors } = formState;
  const read = (text: string) => parseMoney(text, wallet.currency, locale);
  const submit = handleSubmit(async ({ limit: text, reason }) => {
    const limit = read(text);
    const body = { limit: limit.ok ? String(limit.value) : '0', reason: reason.trim() };
    const path = { id: wallet.id };
    const done = await act(() => api.call('PUT /v1/admin/wallets/{id}/overdraft', { path, body }), {
      done: t('overdraft.done'),
      failed: t('wallet.notChanged'),
      changes: ['wallet', 'wallets', 'admin'],
    });
    if (done) onClose();
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t('overdraft.title')}
      description={t('overdraft.text', { name: wallet.name })}
    >
      <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-5">
        <AmountField
          {...register('limit', {
            validate(text) {
              const amount = read(text);
              return text.trim() === '' || amount.ok || t(`amount.${amount.error}`);
            },
          })}
          label={t('overdraft.limit')}
          currency={wallet.currency}
          hint={t('overdraft.now', {
            amount: formatMoney(wallet.overdraftLimit ?? '0', wallet.currency, locale),
          })}
          error={errors.limit?.message}
        />
        <TextField
          {...register('reason', { required: t('form.required') })}
          label={t('tx.reason')}
          hint={t('overdraft.reasonHint')}
          autoComplete="off"
          error={errors.reason?.message}
        />
        <Button type="submit" busy={busy}>
          {t('overdraft.set')}
        </Button>
      </form>
    </Dialog>
  );
}
