import type { FeePayer, FeeRule, FeeType } from '@florin/contracts';
import { CURRENCIES, type Currency } from '@florin/kernel';
import { Plus, Trash2 } from 'lucide-react';
import { useFieldArray, useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { formatDecimal } from '../format/money.ts';
import { parsePercent } from '../format/percent.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { SelectField } from '../ui/select-field.tsx';
import { useAmount } from '../wallet/use-amount.ts';

/** Who may be asked to pay, as the API says it. */
const PAYERS: Record<FeeType, readonly FeePayer[]> = {
  transfer: ['sender', 'recipient'],
  deposit: ['recipient'],
  withdrawal: ['sender'],
  capture: ['recipient'],
  conversion: ['sender'],
};
export const FEE_TYPES = Object.keys(PAYERS) as FeeType[];

interface Fields {
  type: FeeType;
  currency: Currency;
  paidBy: FeePayer;
  tiers: { from: string; flat: string; percent: string }[];
  min: string;
  max: string;
  note: string;
}

const EMPTY_TIER = { from: '', flat: '', percent: '' };

/** As it is typed: nothing where there is nothing to pay. */
function fieldsOf(rule: FeeRule | undefined, locale: string): Fields {
  if (rule === undefined) {
    return {
      type: 'transfer',
      currency: 'USD',
      paidBy: 'sender',
      tiers: [EMPTY_TIER],
      min: '',
      max: '',
      note: '',
    };
  }
  const { currency, tiers, min, max, ...rest } = rule;
  const money = (minor = '0'): string =>
    minor === '0' ? '' : formatDecimal(minor, currency, locale);
  return {
    ...rest,
    currency,
    tiers: tiers.map(({ from, flat, basisPoints }) => ({
      from: money(from),
      flat: money(flat),
      percent: basisPoints === 0 ? '' : formatDecimal(String(basisPoints), 'EUR', locale),
    })),
    min: money(min),
    max: money(max),
    note: '',
  };
}

interface FeeRuleDialogProps {
  rule: FeeRule | undefined;
  busy: boolean;
  onSave(rule: FeeRule, note: string): void;
  onClose(): void;
}

/** What one kind of payment costs in one currency. */
export default function FeeRuleDialog({ rule, busy, onSave, onClose }: FeeRuleDialogProps) {
  const { t } = useTranslation('control');
  const { t: app } = useTranslation();
  const locale = useLocale();
  const { register, control, handleSubmit, watch, formState } = useForm<Fields>({
    defaultValues: fieldsOf(rule, locale),
  });
  const { fields: tiers, append, remove } = useFieldArray({ control, name: 'tiers' });
  const { errors } = formState;
  const [type, currency] = [watch('type'), watch('currency')];
  const amount = useAmount(currency);
  const percent = {
    validate(text: string): true | string {
      const read = parsePercent(text, locale);
      return text.trim() === '' || read.ok || app(`amount.${read.error}`);
    },
  };
  const submit = handleSubmit((typed) => {
    const [min, max] = [amount.read(typed.min), amount.read(typed.max)];
    const made: FeeRule = {
      type,
      currency,
      paidBy: PAYERS[type].includes(typed.paidBy) ? typed.paidBy : (PAYERS[type][0] ?? 'sender'),
      tiers: typed.tiers.map(({ from, flat, percent: text }, at) => {
        const points = parsePercent(text, locale);
        return {
          from: at === 0 ? '0' : (amount.read(from) ?? '0'),
          flat: amount.read(flat) ?? '0',
          basisPoints: points.ok ? points.value : 0,
        };
      }),
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
    };
    onSave(made, typed.note.trim());
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t(rule ? 'fees.change' : 'fees.new')}
      description={t('fees.ruleText')}
    >
      <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-5">
        <SelectField {...register('type')} label={t('fees.type')} disabled={rule !== undefined}>
          {FEE_TYPES.map((one) => (
            <option key={one} value={one}>
              {t(`fees.of.${one}`)}
            </option>
          ))}
        </SelectField>
        <div className="grid grid-cols-2 gap-5">
          <SelectField
            {...register('currency')}
            label={app('wallet.currency')}
            disabled={rule !== undefined}
          >
            {CURRENCIES.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </SelectField>
          <SelectField {...register('paidBy')} label={t('fees.paidBy')}>
            {PAYERS[type].map((one) => (
              <option key={one} value={one}>
                {t(`fees.payer.${one}`)}
              </option>
            ))}
          </SelectField>
        </div>
        {tiers.map(({ id }, at) => (
          <fieldset key={id} className="grid gap-3 rounded-control border border-line p-4">
            <legend className="px-1 text-sm font-semibold">
              {at === 0 ? t('fees.always') : t('fees.tier', { count: at + 1 })}
            </legend>
            {at > 0 && (
              <div className="grid grid-cols-[1fr_auto] items-end gap-2">
                <TextField
                  {...register(`tiers.${at}.from`, amount.required)}
                  label={t('fees.from')}
                  inputMode="decimal"
                  autoComplete="off"
                  error={errors.tiers?.[at]?.from?.message}
                />
                <IconButton label={t('fees.removeTier')} onClick={() => remove(at)}>
                  <Trash2 className="size-5" aria-hidden />
                </IconButton>
              </div>
            )}
            <div className="grid grid-cols-2 gap-3">
              <TextField
                {...register(`tiers.${at}.flat`, amount.optional)}
                label={t('fees.flat')}
                inputMode="decimal"
                autoComplete="off"
                error={errors.tiers?.[at]?.flat?.message}
              />
              <TextField
                {...register(`tiers.${at}.percent`, percent)}
                label={t('fees.percent')}
                inputMode="decimal"
                autoComplete="off"
                error={errors.tiers?.[at]?.percent?.message}
              />
            </div>
          </fieldset>
        ))}
        <Button
          look="secondary"
          size="small"
          className="justify-self-start"
          icon={<Plus className="size-4" aria-hidden />}
          onClick={() => append(EMPTY_TIER)}
        >
          {t('fees.addTier')}
        </Button>
        <div className="grid grid-cols-2 gap-3">
          <TextField
            {...register('min', amount.optional)}
            label={t('fees.min')}
            inputMode="decimal"
            autoComplete="off"
            error={errors.min?.message}
          />
          <TextField
            {...register('max', amount.optional)}
            label={t('fees.max')}
            inputMode="decimal"
            autoComplete="off"
            error={errors.max?.message}
          />
        </div>
        <TextField
          {...register('note', { maxLength: 500 })}
          label={t('note')}
          hint={t('noteHint')}
          autoComplete="off"
        />
        <Button type="submit" busy={busy}>
          {t('fees.save')}
        </Button>
      </form>
    </Dialog>
  );
}
