import { addDays, format, set } from 'date-fns';
import type { UseFormReturn } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { useParts } from '../api/parts.ts';
import { TextField } from '../ui/field.tsx';
import { SelectField } from '../ui/select-field.tsx';
import { FREQUENCIES } from './frequencies.ts';
import { OrderDialog, type Order, type OrderFields } from './order-dialog.tsx';

/** Tomorrow at nine, by the clock on this wall. */
const tomorrow = (): string =>
  format(set(addDays(new Date(), 1), { hours: 9, minutes: 0 }), "yyyy-MM-dd'T'HH:mm");

function TimeFields({ register, watch, formState }: UseFormReturn<OrderFields>) {
  const { t } = useTranslation('more');
  const { t: app } = useTranslation();
  const once = watch('frequency') === 'once';
  return (
    <>
      <SelectField {...register('frequency')} label={t('schedules.frequency')}>
        {FREQUENCIES.map((frequency) => (
          <option key={frequency} value={frequency}>
            {t(`schedules.every.${frequency}`)}
          </option>
        ))}
      </SelectField>
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField
          {...register('startAt', { required: app('form.required') })}
          type="datetime-local"
          label={t(once ? 'schedules.at' : 'schedules.first')}
          error={formState.errors.startAt?.message}
        />
        {!once && <TextField {...register('endDate')} type="date" label={t('schedules.until')} />}
      </div>
    </>
  );
}

/** Plans a transfer: its times are those of the place where it was planned, summer and winter. */
export default function ScheduleDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation('more');
  const { t: app } = useTranslation();
  const { api } = useParts();
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const send = ({ walletId, other, ...rest }: Order, fields: OrderFields, key: string) => {
    const { frequency, startAt, endDate } = fields;
    const ends = frequency === 'once' || endDate === '' ? {} : { endDate };
    const schedule = { frequency, startAt, timeZone, ...ends };
    const body = { ...rest, fromWalletId: walletId, toEmail: other, schedule };
    return api.call('POST /v1/scheduled-transfers', { body, idempotencyKey: key });
  };
  return (
    <OrderDialog
      texts={{
        title: t('schedules.new'),
        about: t('schedules.newText', { timeZone }),
        other: app('pay.toField.email'),
        wallet: app('pay.from'),
        submit: t('schedules.plan'),
        done: t('schedules.planned'),
        failed: t('schedules.failed'),
      }}
      otherIs="email"
      initial={{ startAt: tomorrow() }}
      send={send}
      changes={['schedules']}
      onClose={onClose}
    >
      {(form) => <TimeFields {...form} />}
    </OrderDialog>
  );
}
