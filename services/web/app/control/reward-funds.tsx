import { CURRENCIES, uuidv7, type Currency } from '@florin/kernel';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { useAction } from '../api/use-action.ts';
import { useParts } from '../api/parts.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/on-demand.tsx';
import { TextField } from '../ui/field.tsx';
import { SelectField } from '../ui/select-field.tsx';
import { Card, Skeleton } from '../ui/surfaces.tsx';
import { AmountField } from '../wallet/amount-field.tsx';
import { Amount } from '../wallet/amount.tsx';
import { useAmount } from '../wallet/use-amount.ts';
import { useControlQueries } from './control-queries.ts';

interface Fields {
  currency: Currency;
  amount: string;
  bankAccount: string;
}

function FundDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation('control');
  const { t: app } = useTranslation();
  const { api } = useParts();
  const { busy, act } = useAction();
  const [idempotencyKey] = useState(() => uuidv7());
  const { register, handleSubmit, watch, formState } = useForm<Fields>({
    defaultValues: { currency: 'USD', amount: '', bankAccount: '' },
  });
  const { errors } = formState;
  const currency = watch('currency');
  const { read, required } = useAmount(currency);
  const submit = handleSubmit(async ({ amount, bankAccount }) => {
    const body = { currency, amount: read(amount) ?? '0', bankAccount: bankAccount.trim() };
    const add = () => api.call('POST /v1/admin/reward-funds', { body, idempotencyKey });
    const done = await act(add, {
      done: t('funds.done'),
      failed: t('notDone'),
      changes: ['admin'],
    });
    if (done) onClose();
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t('funds.add')}
      description={t('funds.addText')}
    >
      <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-5">
        <SelectField {...register('currency')} label={app('wallet.currency')}>
          {CURRENCIES.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </SelectField>
        <AmountField
          {...register('amount', required)}
          label={app('pay.amount')}
          currency={currency}
          error={errors.amount?.message}
        />
        <TextField
          {...register('bankAccount', { required: app('form.required') })}
          label={app('pay.bankOf.deposit')}
          hint={app('pay.bankHint')}
          autoComplete="off"
          error={errors.bankAccount?.message}
        />
        <Button type="submit" busy={busy}>
          {t('funds.add')}
        </Button>
      </form>
    </Dialog>
  );
}

/** What there is to pay rewards from. */
export default function RewardFunds({ changeable }: { changeable: boolean }) {
  const { t } = useTranslation('control');
  const { data: purses } = useQuery(useControlQueries().rewardFunds());
  const [adding, setAdding] = useState(false);
  return (
    <Card className="grid gap-3 p-5">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 className="text-lg font-bold">{t('funds.title')}</h2>
        {changeable && (
          <Button look="secondary" size="small" onClick={() => setAdding(true)}>
            {t('funds.add')}
          </Button>
        )}
      </div>
      {purses === undefined && <Skeleton className="h-6 w-40" />}
      {purses?.length === 0 && <p className="text-muted">{t('funds.none')}</p>}
      <ul className="flex flex-wrap gap-x-8 gap-y-2">
        {purses?.map(({ walletId, currency, balances }) => (
          <li key={walletId}>
            <Amount minor={balances.available} currency={currency} className="text-xl font-bold" />
          </li>
        ))}
      </ul>
      {adding && <FundDialog onClose={() => setAdding(false)} />}
    </Card>
  );
}
