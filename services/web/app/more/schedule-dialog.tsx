import { uuidv7 } from '@florin/kernel';
import { addDays, format, set } from 'date-fns';
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
import { SelectField } from '../ui/select-field.tsx';
import { AmountField } from '../wallet/amount-field.tsx';
import { useMyWallets } from '../wallet/use-my-wallets.ts';
import { WalletSelect } from '../wallet/wallet-select.tsx';
import { FREQUENCIES } from './frequencies.ts';

interface Fields {
  fromWalletId: string;
  toEmail: string;
  amount: string;
  description: string;
  frequency: (typeof FREQUENCIES)[number];
  startAt: string;
  endDate: string;
}

/** Tomorrow at nine, by the clock on this wall. */
const tomorrow = (): string =>
  format(set(addDays(new Date(), 1), { hours: 9, minutes: 0 }), "yyyy-MM-dd'T'HH:mm");

/** Plans a transfer: its times are those of the place where it was planned, summer and winter. */
export default function ScheduleDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation('more');
  const { t: app } = useTranslation();
  const locale = useLocale();
  const { api } = useParts();
  const { open, find } = useMyWallets();
  const { busy, act } = useAction();
  // One dialog plans once, however often it is submitted.
  const [idempotencyKey] = useState(() => uuidv7());
  const { register, handleSubmit, watch, formState } = useForm<Fields>({
    defaultValues: {
      fromWalletId: open[0]?.id ?? '',
      toEmail: '',
      amount: '',
      description: '',
      frequency: 'monthly',
      startAt: tomorrow(),
      endDate: '',
    },
  });
  const { errors } = formState;
  const currency = find(watch('fromWalletId'))?.currency ?? open[0]?.currency ?? 'EUR';
  const once = watch('frequency') === 'once';
  const read = (text: string) => parseMoney(text, currency, locale);
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const submit = handleSubmit(async (fields) => {
    const amount = read(fields.amount);
    if (!amount.ok) return;
    const { fromWalletId, toEmail, frequency, startAt, endDate } = fields;
    const description = fields.description.trim();
    const ends = once || endDate === '' ? {} : { endDate };
    const body = {
      fromWalletId,
      toEmail: toEmail.trim(),
      amount: String(amount.value),
      ...(description === '' ? {} : { description }),
      schedule: { frequency, startAt, timeZone, ...ends },
    };
    const path = '/v1/scheduled-transfers';
    const done = await act(() => api.call('POST', path, { body, idempotencyKey }), {
      done: t('schedules.planned'),
      failed: t('schedules.failed'),
      changes: ['schedules'],
    });
    if (done) onClose();
  });
  const required = app('form.required');
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => isOpen || onClose()}
      title={t('schedules.new')}
      description={t('schedules.newText', { timeZone })}
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
          {...register('toEmail', {
            required,
            pattern: { value: /^\S+@\S+\.\S+$/, message: app('form.email') },
          })}
          type="email"
          label={app('pay.toField.email')}
          autoComplete="off"
          error={errors.toEmail?.message}
        />
        <WalletSelect {...register('fromWalletId')} label={app('pay.from')} wallets={open} />
        <SelectField {...register('frequency')} label={t('schedules.frequency')}>
          {FREQUENCIES.map((frequency) => (
            <option key={frequency} value={frequency}>
              {t(`schedules.every.${frequency}`)}
            </option>
          ))}
        </SelectField>
        <div className="grid gap-5 sm:grid-cols-2">
          <TextField
            {...register('startAt', { required })}
            type="datetime-local"
            label={t(once ? 'schedules.at' : 'schedules.first')}
            error={errors.startAt?.message}
          />
          {!once && <TextField {...register('endDate')} type="date" label={t('schedules.until')} />}
        </div>
        <TextField
          {...register('description')}
          label={app('pay.note')}
          hint={app('pay.noteHint')}
          autoComplete="off"
        />
        <Button type="submit" busy={busy}>
          {t('schedules.plan')}
        </Button>
      </form>
    </Dialog>
  );
}
