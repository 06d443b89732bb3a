import { HandCoins, RotateCcw, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { useSuspenseQuery } from '@tanstack/react-query';
import type { TransactionView } from '../api/answers.ts';
import { useAction } from '../api/use-action.ts';
import { useParts } from '../api/parts.ts';
import { formatMoney, parseMoney } from '../format/money.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { AmountField } from './amount-field.tsx';
import { followUpsOf, type FollowUp } from './follow-ups.ts';
import { useMyWallets } from './use-my-wallets.ts';

const ICONS = { capture: HandCoins, release: Undo2, reverse: RotateCcw } as const;

const CHANGES = ['transaction', 'transactions', 'wallets', 'wallet', 'entries'] as const;

const OPERATIONS = {
  capture: 'POST /v1/holds/{id}/capture',
  release: 'POST /v1/holds/{id}/release',
  reverse: 'POST /v1/transactions/{id}/reverse',
} as const;

interface Fields {
  amount: string;
  reason: string;
  final: boolean;
}

interface FollowUpFormProps {
  transaction: TransactionView;
  followUp: FollowUp;
  onDone(): void;
}

/** Each is a payment of its own: it has a key, and happens once however often it is pressed. */
function FollowUpForm({ transaction, followUp, onDone }: FollowUpFormProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { attempts } = useParts();
  const { busy, act } = useAction();
  const { id, currency } = transaction;
  const { action, most } = followUp;
  const { register, handleSubmit, formState } = useForm<Fields>({
    defaultValues: { amount: '', reason: '', final: false },
  });
  const submit = handleSubmit(async ({ amount: text, reason, final }) => {
    const typed = text.trim() === '' ? undefined : parseMoney(text, currency, locale);
    const amount = typed?.ok ? { amount: String(typed.value) } : {};
    const body = {
      release: {},
      capture: { ...amount, ...(final ? { final } : {}) },
      reverse: { ...amount, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) },
    }[action];
    const order = { path: { id }, body };
    const pay = () => attempts.submit(`${action}.${id}`, OPERATIONS[action], order);
    const done = await act(pay, {
      done: t(`tx.done.${action}`),
      failed: t('tx.notDone'),
      changes: CHANGES,
    });
    if (done) onDone();
  });
  const judge = (text: string): true | string => {
    if (text.trim() === '') return true;
    const amount = parseMoney(text, currency, locale);
    return amount.ok || t(`amount.${amount.error}`);
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-5">
      {action !== 'release' && (
        <AmountField
          {...register('amount', { validate: judge })}
          label={t('pay.amount')}
          currency={currency}
          placeholder={formatMoney(most, currency, locale)}
          error={formState.errors.amount?.message}
        />
      )}
      {action === 'capture' && (
        <label className="flex min-h-8 cursor-pointer items-center gap-3 text-sm">
          <input {...register('final')} type="checkbox" className="size-4 accent-(--brand)" />
          {t('tx.final')}
        </label>
      )}
      {action === 'reverse' && (
        <TextField
          {...register('reason')}
          label={t('tx.reason')}
          hint={t('tx.reasonHint')}
          autoComplete="off"
        />
      )}
      <Button type="submit" busy={busy}>
        {t(`tx.action.${action}`)}
      </Button>
    </form>
  );
}

/** What may still be done with a transaction, for whom it concerns. */
export default function TransactionActions({ transaction }: { transaction: TransactionView }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { queries } = useParts();
  const { data: me } = useSuspenseQuery(queries.me());
  const { isMine } = useMyWallets();
  const [asked, setAsked] = useState<FollowUp>();
  const followUps = followUpsOf(transaction, me, isMine);
  return (
    <>
      {followUps.length > 0 && (
        <div className="flex flex-wrap justify-center gap-2">
          {followUps.map((followUp) => {
            const Icon = ICONS[followUp.action];
            return (
              <Button
                key={followUp.action}
                look={followUp.action === 'capture' ? 'primary' : 'secondary'}
                icon={<Icon className="size-4.5" aria-hidden />}
                onClick={() => setAsked(followUp)}
              >
                {t(`tx.action.${followUp.action}`)}
              </Button>
            );
          })}
        </div>
      )}
      {asked !== undefined && (
        <Dialog
          open
          onOpenChange={(open) => open || setAsked(undefined)}
          title={t(`tx.ask.${asked.action}`)}
          description={t(`tx.askText.${asked.action}`, {
            amount: formatMoney(asked.most, transaction.currency, locale),
          })}
        >
          <FollowUpForm
            transaction={transaction}
            followUp={asked}
            onDone={() => setAsked(undefined)}
          />
        </Dialog>
      )}
    </>
  );
}
