import { uuidv7 } from '@florin/kernel';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { useAction } from '../api/use-action.ts';
import { useParts } from '../api/parts.ts';
import { parseMoney } from '../format/money.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { AmountField } from '../wallet/amount-field.tsx';
import { useMyWallets } from '../wallet/use-my-wallets.ts';
import { WalletSelect } from '../wallet/wallet-select.tsx';

interface Fields {
  fromEmail: string;
  toWalletId: string;
  amount: string;
  description: string;
}

/** Asks somebody to pay. */
export default function RequestDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation('more');
  const { t: app } = useTranslation();
  const locale = useLocale();
  const { api } = useParts();
  const { open, find } = useMyWallets();
  const { busy, act } = useAction();
  // One dialog asks once, however often it is submitted.
  const [idempotencyKey] = useState(() => uuidv7());
  const { register, handleSubmit, watch, formState } = useForm<Fields>({
    defaultValues: { fromEmail: '', toWalletId: open[0]?.id ?? '', amount: '', description: '' },
  });
  const { errors } = formState;
  const currency = find(watch('toWalletId'))?.currency ?? open[0]?.currency ?? 'EUR';
  const read = (text: string) => parseMoney(text, currency, locale);
  const submit = handleSubmit(async ({ amount: text, description, ...rest }) => {
    const amount = read(text);
    if (!amount.ok) return;
    const body = {
      ...rest,
      amount: String(amount.value),
      ...(description.trim() === '' ? {} : { description: description.trim() }),
    };
    const path = '/v1/payment-requests';
    const done = await act(() => api.call('POST', path, { body, idempotencyKey }), {
      done: t('requests.asked'),
      failed: t('requests.failed'),
      changes: ['payment-requests'],
    });
    if (done) onClose();
  });
  const required = app('form.required');
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => isOpen || onClose()}
      title={t('requests.new')}
      description={t('requests.newText')}
    >
      <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-5">
        <AmountField
          {...register('amount', {
            validate(text) {
              const amount = read(text);
              return amount.ok || app(`amount.${amount.error}`);
            },
          })}
          label={app('pay.amount')}
          currency={currency}
          error={errors.amount?.message}
        />
        <TextField
          {...register('fromEmail', {
            required,
            pattern: { value: /^\S+@\S+\.\S+$/, message: app('form.email') },
          })}
          type="email"
          label={t('requests.from')}
          autoComplete="off"
          error={errors.fromEmail?.message}
        />
        <WalletSelect {...register('toWalletId')} label={t('requests.into')} wallets={open} />
        <TextField
          {...register('description', { maxLength: 200 })}
          label={app('pay.note')}
          hint={app('pay.noteHint')}
          autoComplete="off"
        />
        <Button type="submit" busy={busy}>
          {t('requests.ask')}
        </Button>
      </form>
    </Dialog>
  );
}
