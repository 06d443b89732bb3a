import type { RewardKind, rewardRuleBody } from '@florin/contracts';
import { CURRENCIES, uuidv7, type Currency } from '@florin/kernel';
import { addDays, format } from 'date-fns';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { useAction } from '../api/use-action.ts';
import { useParts } from '../api/parts.ts';
import { parsePercent } from '../format/percent.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { SelectField } from '../ui/select-field.tsx';
import { useAmount } from '../wallet/use-amount.ts';

type RuleBody = z.output<typeof rewardRuleBody>;
type Beneficiary = 'referrer' | 'referred';

export const REWARD_KINDS = [
  'cashback',
  'first-deposit',
  'referral',
  'streak',
] as const satisfies RewardKind[];

interface Fields {
  name: string;
  kind: RewardKind;
  currency: Currency;
  percent: string;
  reward: string;
  /** The least payment or deposit that counts. */
  least: string;
  rewardMax: string;
  beneficiary: Beneficiary;
  pointsPerDay: string;
  pointsPerDayMax: string;
  pointsPerReward: string;
  budget: string;
  perPersonMax: string;
  validUntil: string;
}

const DAYS = 30;
const EMPTY: Fields = {
  name: '',
  kind: 'cashback',
  currency: 'USD',
  percent: '',
  reward: '',
  least: '',
  rewardMax: '',
  beneficiary: 'referrer',
  pointsPerDay: '10',
  pointsPerDayMax: '70',
  pointsPerReward: '280',
  budget: '',
  perPersonMax: '',
  validUntil: '',
};

const given = <Name extends string>(name: Name, value: string | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { [N in Name]?: string };

/** What is typed, as the API takes it. @param read an amount of the rule's currency */
function termsOf(
  fields: Fields,
  read: (text: string) => string | undefined,
  basisPoints: number,
): RuleBody['terms'] {
  const { kind, beneficiary } = fields;
  const reward = read(fields.reward) ?? '0';
  const least = read(fields.least);
  switch (kind) {
    case 'cashback': {
      const most = given('rewardMax', read(fields.rewardMax));
      return { kind, basisPoints, ...given('paymentMin', least), ...most };
    }
    case 'first-deposit':
      return { kind, reward, ...given('depositMin', least) };
    case 'referral':
      return { kind, reward, beneficiary, ...given('depositMin', least) };
    case 'streak':
      return {
        kind,
        reward,
        ...given('paymentMin', least),
        pointsPerDay: Number(fields.pointsPerDay),
        pointsPerDayMax: Number(fields.pointsPerDayMax),
        pointsPerReward: Number(fields.pointsPerReward),
      };
  }
}

const POINTS = ['pointsPerDay', 'pointsPerDayMax', 'pointsPerReward'] as const;
const WHOLE = /^[1-9]\d{0,5}$/;

/** A rule by which people are rewarded. What it promises never changes. */
export default function RewardRuleDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation('control');
  const { t: app } = useTranslation();
  const locale = useLocale();
  const { api } = useParts();
  const { busy, act } = useAction();
  // One dialog makes one rule, however often it is submitted.
  const [idempotencyKey] = useState(() => uuidv7());
  const { register, handleSubmit, watch, formState } = useForm<Fields>({
    defaultValues: { ...EMPTY, validUntil: format(addDays(new Date(), DAYS), 'yyyy-MM-dd') },
  });
  const { errors } = formState;
  const [kind, currency] = [watch('kind'), watch('currency')];
  const { read, required, optional } = useAmount(currency);
  const needed = app('form.required');
  const percent = {
    validate(text: string): true | string {
      const points = parsePercent(text, locale);
      return points.ok || app(`amount.${points.error}`);
    },
  };
  const submit = handleSubmit(async (fields) => {
    const points = parsePercent(fields.percent, locale);
    const body: RuleBody = {
      name: fields.name.trim(),
      currency,
      terms: termsOf(fields, read, points.ok ? points.value : 0),
      validUntil: new Date(`${fields.validUntil}T23:59:59`).toISOString(),
      budget: read(fields.budget) ?? '0',
      ...given('perPersonMax', read(fields.perPersonMax)),
    };
    const make = () => api.call('POST /v1/admin/reward-rules', { body, idempotencyKey });
    const done = await act(make, {
      done: t('rules.made'),
      failed: t('notDone'),
      changes: ['admin', 'reward-offers'],
    });
    if (done) onClose();
  });
  const money = { inputMode: 'decimal', autoComplete: 'off' } as const;
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t('rules.new')}
      description={t('rules.newText')}
    >
      <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-5">
        <TextField
          {...register('name', { required: needed, maxLength: 100 })}
          label={app('name')}
          hint={t('rules.nameHint')}
          autoComplete="off"
          error={errors.name?.message}
        />
        <div className="grid gap-5 sm:grid-cols-[1fr_8rem]">
          <SelectField {...register('kind')} label={t('rules.kindOf')}>
            {REWARD_KINDS.map((one) => (
              <option key={one} value={one}>
                {t(`rules.kind.${one}`)}
              </option>
            ))}
          </SelectField>
          <SelectField {...register('currency')} label={app('wallet.currency')}>
            {CURRENCIES.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </SelectField>
        </div>
        <div className="grid gap-5 sm:grid-cols-2">
          {kind === 'cashback' ? (
            <>
              <TextField
                {...register('percent', percent)}
                {...money}
                label={t('rules.percent')}
                error={errors.percent?.message}
              />
              <TextField
                {...register('rewardMax', optional)}
                {...money}
                label={t('rules.rewardMax')}
                error={errors.rewardMax?.message}
              />
            </>
          ) : (
            <TextField
              {...register('reward', required)}
              {...money}
              label={t('rules.reward')}
              error={errors.reward?.message}
            />
          )}
          <TextField
            {...register('least', optional)}
            {...money}
            label={t(
              kind === 'cashback' || kind === 'streak' ? 'rules.paymentMin' : 'rules.depositMin',
            )}
            error={errors.least?.message}
          />
          {kind === 'referral' && (
            <SelectField {...register('beneficiary')} label={t('rules.beneficiary')}>
              <option value="referrer">{t('rules.gets.referrer')}</option>
              <option value="referred">{t('rules.gets.referred')}</option>
            </SelectField>
          )}
          {kind === 'streak' &&
            POINTS.map((name) => (
              <TextField
                key={name}
                {...register(name, {
                  pattern: { value: WHOLE, message: app('form.invalid') },
                  required: needed,
                })}
                inputMode="numeric"
                autoComplete="off"
                label={t(`rules.${name}`)}
                error={errors[name]?.message}
              />
            ))}
          <TextField
            {...register('budget', required)}
            {...money}
            label={t('rules.budget')}
            error={errors.budget?.message}
          />
          <TextField
            {...register('perPersonMax', optional)}
            {...money}
            label={t('rules.perPersonMax')}
            error={errors.perPersonMax?.message}
          />
        </div>
        <TextField
          {...register('validUntil', { required: needed })}
          type="date"
          label={t('rules.until')}
          error={errors.validUntil?.message}
        />
        <Button type="submit" busy={busy}>
          {t('rules.make')}
        </Button>
      </form>
    </Dialog>
  );
}
