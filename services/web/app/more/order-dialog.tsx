import { isUuid, uuidv7 } from '@florin/kernel';
import { useState, type ReactNode } from 'react';
import { useForm, type UseFormReturn } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { useAction } from '../api/use-action.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { AmountField } from '../wallet/amount-field.tsx';
import { useAmount } from '../wallet/use-amount.ts';
import { useMyWallets } from '../wallet/use-my-wallets.ts';
import { WalletSelect } from '../wallet/wallet-select.tsx';
import type { FREQUENCIES } from './frequencies.ts';

/** What every order has, and then what some of them have besides. */
export interface OrderFields {
  amount: string;
  other: string;
  walletId: string;
  description: string;
  frequency: (typeof FREQUENCIES)[number];
  startAt: string;
  endDate: string;
  hours: string;
}

/** What was typed, in the words of the API. */
export interface Order {
  amount: string;
  /** The other side: an e-mail address or the ID of a wallet. */
  other: string;
  walletId: string;
  description?: string;
}

interface OrderDialogProps {
  texts: {
    title: string;
    about: string;
    other: string;
    wallet: string;
    submit: string;
    done: string;
    failed: string;
  };
  otherIs: 'email' | 'wallet';
  /** The wallet to begin with, and what else is filled in. */
  initial?: Partial<OrderFields>;
  /** The key is the same for as long as the dialog is open: it orders once. */
  send(order: Order, fields: OrderFields, idempotencyKey: string): Promise<unknown>;
  /** What has to be asked for again, by the first part of its key. */
  changes: readonly string[];
  children?(form: UseFormReturn<OrderFields>): ReactNode;
  onClose(): void;
}

const EMAIL = /^\S+@\S+\.\S+$/;
const EMPTY: Omit<OrderFields, 'walletId'> = {
  amount: '',
  other: '',
  description: '',
  frequency: 'monthly',
  startAt: '',
  endDate: '',
  hours: '',
};

/** An amount between a wallet of one's own and somebody else: asked for, planned, or reserved. */
export function OrderDialog(props: OrderDialogProps) {
  const { texts, otherIs, initial, send, changes, children, onClose } = props;
  const { t } = useTranslation();
  const { open, find } = useMyWallets();
  const { busy, act } = useAction();
  const [idempotencyKey] = useState(() => uuidv7());
  const form = useForm<OrderFields>({
    defaultValues: { ...EMPTY, walletId: open[0]?.id ?? '', ...initial },
  });
  const { register, handleSubmit, watch } = form;
  const { errors } = form.formState;
  const currency = find(watch('walletId'))?.currency ?? open[0]?.currency ?? 'EUR';
  const { read, required } = useAmount(currency);
  const submit = handleSubmit(async (fields) => {
    const description = fields.description.trim();
    const order: Order = {
      amount: read(fields.amount) ?? '0',
      other: fields.other.trim(),
      walletId: fields.walletId,
      ...(description === '' ? {} : { description }),
    };
    const { done, failed } = texts;
    const work = () => send(order, fields, idempotencyKey);
    if (await act(work, { done, failed, changes })) onClose();
  });
  const judge = (text: string): true | string =>
    otherIs === 'email'
      ? EMAIL.test(text.trim()) || t('form.email')
      : isUuid(text.trim()) || t('form.invalid');
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => isOpen || onClose()}
      title={texts.title}
      description={texts.about}
    >
      <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-5">
        <AmountField
          {...register('amount', required)}
          label={t('pay.amount')}
          currency={currency}
          error={errors.amount?.message}
        />
        <TextField
          {...register('other', { required: t('form.required'), validate: judge })}
          type={otherIs === 'email' ? 'email' : 'text'}
          label={texts.other}
          autoComplete="off"
          spellCheck={false}
          error={errors.other?.message}
        />
        <WalletSelect {...register('walletId')} label={texts.wallet} wallets={open} />
        {children?.(form)}
        <TextField
          {...register('description', { maxLength: 200 })}
          label={t('pay.note')}
          hint={t('pay.noteHint')}
          autoComplete="off"
        />
        <Button type="submit" busy={busy}>
          {texts.submit}
        </Button>
      </form>
    </Dialog>
  );
}
