import type { AdjustmentDirection } from '@florin/contracts';
import { isUuid, uuidv7 } from '@florin/kernel';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { useAction } from '../api/use-action.ts';
import { useParts } from '../api/parts.ts';
import { formatMoney } from '../format/money.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { SelectField } from '../ui/select-field.tsx';
import { AmountField } from '../wallet/amount-field.tsx';
import { useAmount } from '../wallet/use-amount.ts';

const DIRECTIONS = ['credit', 'debit'] as const satisfies AdjustmentDirection[];

interface Fields {
  walletId: string;
  direction: AdjustmentDirection;
  amount: string;
  reason: string;
}

interface ProposeDialogProps {
  walletId: string;
  onClose(): void;
}

/** Proposes to correct a balance: a colleague decides about it. */
export default function ProposeDialog({ walletId: given, onClose }: ProposeDialogProps) {
  const { t } = useTranslation('control');
  const { t: app } = useTranslation();
  const locale = useLocale();
  const { api, queries } = useParts();
  const { busy, act } = useAction();
  // One dialog proposes once, however often it is submitted.
  const [idempotencyKey] = useState(() => uuidv7());
  const { register, handleSubmit, watch, formState } = useForm<Fields>({
    defaultValues: { walletId: given, direction: 'credit', amount: '', reason: '' },
  });
  const { errors } = formState;
  const walletId = watch('walletId').trim();
  const { data: wallet } = useQuery({
    ...queries.wallet(walletId),
    enabled: isUuid(walletId),
  });
  const amount = useAmount(wallet?.currency ?? 'USD');
  const required = app('form.required');
  const submit = handleSubmit(async (fields) => {
    const body = {
      walletId,
      direction: fields.direction,
      amount: amount.read(fields.amount) ?? '0',
      reason: fields.reason.trim(),
    };
    const propose = () => api.call('POST /v1/admin/adjustments', { body, idempotencyKey });
    const done = await act(propose, {
      done: t('adjustments.proposed'),
      failed: t('notDone'),
      changes: ['admin'],
    });
    if (done) onClose();
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t('adjustments.new')}
      description={t('adjustments.newText')}
    >
      <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-5">
        <TextField
          {...register('walletId', {
            validate: () => wallet !== undefined || t('adjustments.noWallet'),
          })}
          label={app('pay.toField.wallet')}
          autoComplete="off"
          spellCheck={false}
          hint={
            wallet &&
            t('adjustments.wallet', {
              name: wallet.name,
              amount: formatMoney(wallet.balances.available, wallet.currency, locale),
            })
          }
          error={errors.walletId?.message}
        />
        <SelectField {...register('direction')} label={t('adjustments.direction')}>
          {DIRECTIONS.map((direction) => (
            <option key={direction} value={direction}>
              {t(`adjustments.does.${direction}`)}
            </option>
          ))}
        </SelectField>
        <AmountField
          {...register('amount', amount.required)}
          label={app('pay.amount')}
          currency={wallet?.currency ?? 'USD'}
          error={errors.amount?.message}
        />
        <TextField
          {...register('reason', { required, maxLength: 500 })}
          label={app('tx.reason')}
          hint={t('noteHint')}
          autoComplete="off"
          error={errors.reason?.message}
        />
        <Button type="submit" busy={busy}>
          {t('adjustments.propose')}
        </Button>
      </form>
    </Dialog>
  );
}
