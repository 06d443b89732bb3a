import { Link, useSearch } from '@tanstack/react-router';
import { Users } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { WalletView } from '../api/answers.ts';
import { formatMoney } from '../format/money.ts';
import { schemaResolver } from '../i18n/schema-resolver.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { Button, buttonClasses } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { joinClasses } from '../ui/join-classes.ts';
import { Card, Notice, PageHeader } from '../ui/surfaces.tsx';
import { AmountField } from './amount-field.tsx';
import { FeeLine } from './fee-line.tsx';
import { NoWallet } from './no-wallet.tsx';
import { PaymentOutcome } from './payment-outcome.tsx';
import type { TransferFields, TransferOrder } from './payment-schemas.ts';
import { UnsettledNotice } from './unsettled-notice.tsx';
import { useMyWallets } from './use-my-wallets.ts';
import { usePayment } from './use-payment.ts';
import { WalletSelect } from './wallet-select.tsx';

interface TransferFormProps {
  wallets: WalletView[];
  initial: Partial<TransferFields>;
  onOrder(fields: TransferFields, order: TransferOrder): void;
}

const WAYS = ['email', 'wallet'] as const;

function TransferForm({ wallets, initial, onOrder }: TransferFormProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const find = (id: string): WalletView =>
    wallets.find((wallet) => wallet.id === id) ?? (wallets[0] as WalletView);
  const { register, handleSubmit, watch, getValues, formState } = useForm<
    TransferFields,
    unknown,
    TransferOrder
  >({
    resolver: schemaResolver(t, async () => {
      const { transferForm } = await import('./payment-schemas.ts');
      return transferForm({ t, locale, currencyOf: (id) => find(id).currency });
    }),
    defaultValues: {
      fromWalletId: wallets[0]?.id ?? '',
      by: 'email',
      to: '',
      amount: '',
      description: '',
      ...initial,
    },
  });
  const { errors } = formState;
  const by = watch('by');
  const from = find(watch('fromWalletId'));
  const available = formatMoney(from.balances.available, from.currency, locale);
  const submit = handleSubmit((order) => onOrder(getValues(), order));
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-6">
      {from.status === 'frozen' && <Notice tone="warn">{t('problem.wallet-frozen')}</Notice>}
      <AmountField
        {...register('amount')}
        label={t('pay.amount')}
        currency={from.currency}
        hint={t('pay.availableNow', { amount: available })}
        error={errors.amount?.message}
      />
      <fieldset className="grid gap-3">
        <legend className="mb-1.5 text-sm font-semibold">{t('pay.to')}</legend>
        <div className="grid grid-cols-2 gap-1 rounded-control bg-sunken p-1">
          {WAYS.map((way) => (
            <label
              key={way}
              className={joinClasses(
                'flex min-h-10 cursor-pointer items-center',
                'justify-center rounded-lg text-sm font-semibold',
                'has-focus-visible:outline-2 has-focus-visible:outline-brand',
                by === way ? 'bg-surface text-ink shadow-card' : 'text-muted',
              )}
            >
              <input {...register('by')} type="radio" value={way} className="sr-only" />
              {t(`pay.by.${way}`)}
            </label>
          ))}
        </div>
        <TextField
          {...register('to')}
          label={t(`pay.toField.${by}`)}
          type={by === 'email' ? 'email' : 'text'}
          autoComplete="off"
          spellCheck={false}
          error={errors.to?.message}
        />
      </fieldset>
      <WalletSelect {...register('fromWalletId')} label={t('pay.from')} wallets={wallets} />
      <TextField
        {...register('description')}
        label={t('pay.note')}
        hint={t('pay.noteHint')}
        autoComplete="off"
        error={errors.description?.message}
      />
      <Button type="submit" size="large">
        {t('pay.review')}
      </Button>
    </form>
  );
}

interface Draft {
  fields: TransferFields;
  order: TransferOrder;
}

export function SendPage() {
  const { t } = useTranslation();
  const locale = useLocale();
  const { wallet: chosen } = useSearch({ from: '/app/send' });
  const { open, find } = useMyWallets();
  const form = usePayment('send');
  const [draft, setDraft] = useState<Draft>();
  const [asking, setAsking] = useState(false);
  const initial = useMemo(
    () => draft?.fields ?? (chosen === undefined ? {} : { fromWalletId: chosen }),
    [draft, chosen],
  );
  const from = find(draft?.order.fromWalletId);

  function confirm(): void {
    if (draft === undefined) return;
    setAsking(false);
    const { amount, fromWalletId: walletId, ...rest } = draft.order;
    const toWalletId = 'toWalletId' in rest ? rest.toWalletId : undefined;
    const payment = { walletId, toWalletId, amount, kind: 'transfer' as const };
    void form.submit('POST /v1/transfers', { body: draft.order }, payment);
  }

  if (open.length === 0) return <NoWallet />;
  return (
    <div className="mx-auto max-w-lg">
      <PageHeader
        title={t('pay.sendTitle')}
        actions={
          <Link to="/split" className={buttonClasses('quiet', 'small')}>
            <Users className="size-4" aria-hidden />
            {t('pay.several')}
          </Link>
        }
      />
      {form.state.step !== 'form' ? (
        <PaymentOutcome
          state={form.state}
          form={{
            ...form,
            again() {
              // After a refusal the form is as it was; after a payment it is empty.
              if (form.state.step === 'answered') setDraft(undefined);
              form.again();
            },
          }}
        />
      ) : (
        <div className="grid gap-4">
          {form.unsettled && <UnsettledNotice attempt={form.unsettled} form={form} />}
          {!form.unsettled && (
            <Card className="p-5 sm:p-7">
              <TransferForm
                wallets={open}
                initial={initial}
                onOrder={(fields, order) => {
                  setDraft({ fields, order });
                  setAsking(true);
                }}
              />
            </Card>
          )}
        </div>
      )}
      {draft && from && (
        <ConfirmDialog
          open={asking}
          onOpenChange={setAsking}
          title={t('pay.confirmSend', {
            amount: formatMoney(draft.order.amount, from.currency, locale),
          })}
          description={t('pay.confirmSendText', { to: draft.fields.to.trim(), from: from.name })}
          confirm={t('pay.confirm')}
          onConfirm={confirm}
        >
          <FeeLine operation="POST /v1/transfers" body={draft.order} />
        </ConfirmDialog>
      )}
    </div>
  );
}
