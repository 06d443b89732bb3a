import type { AnswerOf } from '@florin/client';
import type { Currency } from '@florin/kernel';
import { Check, Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useFieldArray, useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { WalletView } from '../api/answers.ts';
import type { Known } from '../api/api-client.ts';
import { useAction } from '../api/use-action.ts';
import { useParts } from '../api/parts.ts';
import { formatMoney, parseMoney } from '../format/money.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Card, PageHeader } from '../ui/surfaces.tsx';
import { Amount } from '../wallet/amount.tsx';
import { NoWallet } from '../wallet/no-wallet.tsx';
import { useMyWallets } from '../wallet/use-my-wallets.ts';
import { WalletSelect } from '../wallet/wallet-select.tsx';

type Split = Known<AnswerOf<'POST /v1/splits'>>;

interface Fields {
  fromWalletId: string;
  description: string;
  recipients: { toEmail: string; amount: string }[];
}

const RECIPIENTS_MAX = 100;
const NOBODY = { toEmail: '', amount: '' };

/** Minor units of all that can be read; what can't is not counted yet. */
function totalOf(amounts: readonly string[], currency: Currency, locale: string): bigint {
  return amounts.reduce((sum, text) => {
    const amount = parseMoney(text, currency, locale);
    return amount.ok ? sum + amount.value : sum;
  }, 0n);
}

interface SplitFormProps {
  wallets: WalletView[];
  onPaid(split: Split): void;
}

function SplitForm({ wallets, onPaid }: SplitFormProps) {
  const { t } = useTranslation('more');
  const { t: app } = useTranslation();
  const locale = useLocale();
  const { attempts } = useParts();
  const { busy, act } = useAction();
  const { register, control, handleSubmit, watch, formState } = useForm<Fields>({
    defaultValues: {
      fromWalletId: wallets[0]?.id ?? '',
      description: '',
      recipients: [NOBODY, NOBODY],
    },
  });
  const { fields, append, remove } = useFieldArray({ control, name: 'recipients' });
  const { errors } = formState;
  const chosen = wallets.find(({ id }) => id === watch('fromWalletId')) ?? wallets[0];
  const currency = chosen?.currency ?? 'EUR';
  const amounts = watch('recipients').map(({ amount }) => amount);
  const total = totalOf(amounts, currency, locale);
  const submit = handleSubmit(async ({ fromWalletId, description, recipients }) => {
    const body = {
      fromWalletId,
      amount: String(total),
      ...(description.trim() === '' ? {} : { description: description.trim() }),
      recipients: recipients.map(({ toEmail, amount: text }) => ({
        toEmail: toEmail.trim(),
        amount: String(totalOf([text], currency, locale)),
      })),
    };
    const pay = () => attempts.submit('split', 'POST /v1/splits', { body });
    const done = await act(pay, {
      failed: t('split.failed'),
      changes: ['wallets', 'transactions'],
    });
    if (done) onPaid(done.answer);
  });
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-6">
      <WalletSelect {...register('fromWalletId')} label={app('pay.from')} wallets={wallets} />
      <ul className="grid gap-4">
        {fields.map(({ id }, index) => (
          <li key={id} className="grid grid-cols-[1fr_7.5rem_auto] items-start gap-2">
            <TextField
              {...register(`recipients.${index}.toEmail`, {
                required: app('form.required'),
                pattern: { value: /^\S+@\S+\.\S+$/, message: app('form.email') },
              })}
              type="email"
              label={t('split.recipient', { number: index + 1 })}
              autoComplete="off"
              error={errors.recipients?.[index]?.toEmail?.message}
            />
            <TextField
              {...register(`recipients.${index}.amount`, {
                validate(text) {
                  const amount = parseMoney(text, currency, locale);
                  return amount.ok || app(`amount.${amount.error}`);
                },
              })}
              inputMode="decimal"
              label={`${app('pay.amount')} (${currency})`}
              autoComplete="off"
              className="tabular text-right"
              error={errors.recipients?.[index]?.amount?.message}
            />
            <IconButton
              label={t('split.remove', { number: index + 1 })}
              className="mt-6.5"
              disabled={fields.length === 1}
              onClick={() => remove(index)}
            >
              <X className="size-5" aria-hidden />
            </IconButton>
          </li>
        ))}
      </ul>
      <Button
        look="secondary"
        className="justify-self-start"
        disabled={fields.length >= RECIPIENTS_MAX}
        icon={<Plus className="size-4.5" aria-hidden />}
        onClick={() => append(NOBODY)}
      >
        {t('split.add')}
      </Button>
      <TextField
        {...register('description')}
        label={app('pay.note')}
        hint={app('pay.noteHint')}
        autoComplete="off"
      />
      <p className="flex items-baseline justify-between gap-4 rounded-control bg-sunken p-4">
        <span className="text-sm text-muted">{t('split.total')}</span>
        <Amount minor={String(total)} currency={currency} className="text-xl font-bold" />
      </p>
      <Button type="submit" size="large" busy={busy} disabled={total === 0n}>
        {t('split.pay', { amount: formatMoney(String(total), currency, locale) })}
      </Button>
    </form>
  );
}

function Paid({ split, again }: { split: Split; again(): void }) {
  const { t } = useTranslation('more');
  return (
    <Card className="grid justify-items-center gap-3 p-8 text-center">
      <span className="grid size-16 place-items-center rounded-full bg-ok-soft text-ok">
        <Check className="size-8" aria-hidden />
      </span>
      <h2 className="text-lg font-bold">{t('split.paid', { count: split.recipients.length })}</h2>
      <Amount minor={split.amount} currency={split.currency} className="text-2xl font-bold" />
      <Button look="secondary" onClick={again}>
        {t('split.again')}
      </Button>
    </Card>
  );
}

/** Several people are paid at once: all of them or nobody. */
export function SplitPage() {
  const { t } = useTranslation('more');
  const { open } = useMyWallets();
  const [split, setSplit] = useState<Split>();
  if (open.length === 0) return <NoWallet />;
  return (
    <div className="mx-auto max-w-xl">
      <PageHeader title={t('split.title')} description={t('split.about')} />
      {split ? (
        <Paid split={split} again={() => setSplit(undefined)} />
      ) : (
        <Card className="p-5 sm:p-7">
          <SplitForm wallets={open} onPaid={setSplit} />
        </Card>
      )}
    </div>
  );
}
