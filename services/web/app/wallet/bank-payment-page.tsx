import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { WalletView } from '../api/answers.ts';
import { banksAreSimulated, SIMULATED_BANKS } from '../api/simulated-banks.ts';
import { formatMoney, parseMoney } from '../format/money.ts';
import { schemaResolver } from '../i18n/schema-resolver.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Card, Notice, PageHeader } from '../ui/surfaces.tsx';
import { useSettled } from '../ui/use-settled.ts';
import { AmountField } from './amount-field.tsx';
import { FeeLine } from './fee-line.tsx';
import { NoWallet } from './no-wallet.tsx';
import { PaymentOutcome } from './payment-outcome.tsx';
import type { BankPaymentFields, BankPaymentOrder } from './payment-schemas.ts';
import { UnsettledNotice } from './unsettled-notice.tsx';
import { useMyWallets } from './use-my-wallets.ts';
import { usePayment } from './use-payment.ts';
import { WalletSelect } from './wallet-select.tsx';

type Kind = 'deposit' | 'withdrawal';

const OPERATIONS = {
  deposit: 'POST /v1/deposits',
  withdrawal: 'POST /v1/withdrawals',
} as const satisfies Record<Kind, string>;

/** Whoever types is not asked about each letter. */
const SETTLE_MS = 400;

interface BankPaymentFormProps {
  kind: Kind;
  wallets: WalletView[];
  initial: Partial<BankPaymentFields>;
  onOrder(order: BankPaymentOrder): void;
}

/** Development has banks that behave in known ways: one press names one. */
function SimulatedBanks({ onChoose }: { onChoose(bank: string): void }) {
  const { t } = useTranslation();
  return (
    <div role="group" aria-label={t('pay.simulated')} className="flex flex-wrap gap-2">
      {SIMULATED_BANKS.map((bank) => (
        <Button key={bank} look="secondary" size="small" onClick={() => onChoose(bank)}>
          {bank}
        </Button>
      ))}
    </div>
  );
}

function BankPaymentForm({ kind, wallets, initial, onOrder }: BankPaymentFormProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const find = (id: string): WalletView =>
    wallets.find((wallet) => wallet.id === id) ?? (wallets[0] as WalletView);
  const { register, handleSubmit, watch, setValue, formState } = useForm<
    BankPaymentFields,
    unknown,
    BankPaymentOrder
  >({
    resolver: schemaResolver(t, async () => {
      const { bankPaymentForm } = await import('./payment-schemas.ts');
      return bankPaymentForm({ t, locale, currencyOf: (id) => find(id).currency });
    }),
    defaultValues: { walletId: wallets[0]?.id ?? '', bankAccount: '', amount: '', ...initial },
  });
  const { errors } = formState;
  const wallet = find(watch('walletId'));
  const available = formatMoney(wallet.balances.available, wallet.currency, locale);
  const amount = parseMoney(useSettled(watch('amount'), SETTLE_MS), wallet.currency, locale);
  const bankAccount = useSettled(watch('bankAccount').trim(), SETTLE_MS);
  const asked =
    amount.ok && bankAccount !== ''
      ? { walletId: wallet.id, bankAccount, amount: String(amount.value) }
      : undefined;
  const submit = handleSubmit(onOrder);
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-6">
      {wallet.status === 'frozen' && <Notice tone="warn">{t('problem.wallet-frozen')}</Notice>}
      <AmountField
        {...register('amount')}
        label={t('pay.amount')}
        currency={wallet.currency}
        hint={t('pay.availableNow', { amount: available })}
        error={errors.amount?.message}
      />
      <WalletSelect {...register('walletId')} label={t(`pay.walletOf.${kind}`)} wallets={wallets} />
      <div className="grid gap-3">
        <TextField
          {...register('bankAccount')}
          label={t(`pay.bankOf.${kind}`)}
          hint={t('pay.bankHint')}
          autoComplete="off"
          spellCheck={false}
          autoCapitalize="none"
          error={errors.bankAccount?.message}
        />
        {banksAreSimulated() && (
          <SimulatedBanks
            onChoose={(bank) => setValue('bankAccount', bank, { shouldValidate: true })}
          />
        )}
      </div>
      <FeeLine operation={OPERATIONS[kind]} body={asked} />
      <Button type="submit" size="large">
        {t(`pay.submit.${kind}`)}
      </Button>
    </form>
  );
}

function BankPaymentPage({ kind, chosen }: { kind: Kind; chosen: string | undefined }) {
  const { t } = useTranslation();
  const { open } = useMyWallets();
  const form = usePayment(kind);
  const [order, setOrder] = useState<BankPaymentOrder>();
  if (open.length === 0) return <NoWallet />;

  function place(next: BankPaymentOrder): void {
    setOrder(next);
    const { walletId, amount } = next;
    void form.submit(OPERATIONS[kind], { body: next }, { walletId, amount, kind });
  }

  const { state, unsettled } = form;
  return (
    <div className="mx-auto max-w-lg">
      <PageHeader title={t(`pay.title.${kind}`)} description={t(`pay.about.${kind}`)} />
      {state.step !== 'form' && <PaymentOutcome state={state} form={form} />}
      {state.step === 'form' && unsettled && <UnsettledNotice attempt={unsettled} form={form} />}
      {state.step === 'form' && !unsettled && (
        <Card className="p-5 sm:p-7">
          <BankPaymentForm
            kind={kind}
            wallets={open}
            initial={{
              ...(chosen === undefined ? {} : { walletId: chosen }),
              ...(order === undefined
                ? {}
                : { walletId: order.walletId, bankAccount: order.bankAccount }),
            }}
            onOrder={place}
          />
        </Card>
      )}
    </div>
  );
}

export function DepositPage() {
  const { wallet } = useSearch({ from: '/app/deposit' });
  return <BankPaymentPage kind="deposit" chosen={wallet} />;
}

export function WithdrawPage() {
  const { wallet } = useSearch({ from: '/app/withdraw' });
  return <BankPaymentPage kind="withdrawal" chosen={wallet} />;
}
