import { CURRENCIES, type Currency } from '@florin/kernel';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { uuidv7 } from '@florin/kernel';
import { useParts } from '../api/parts.ts';
import { schemaResolver } from '../i18n/schema-resolver.ts';
import { useProblemText } from '../i18n/problem-text.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { SelectField } from '../ui/select-field.tsx';
import { Notice } from '../ui/surfaces.tsx';
import { showToast } from '../ui/toast-store.ts';

interface Fields {
  currency: string;
  name?: string | undefined;
}
type Order = Omit<Fields, 'currency'> & { currency: Currency };

/** Offered first: what most people look for. */
const USUAL = ['USD', 'EUR', 'GBP'] as const;
const currencies = [...new Set([...USUAL, ...CURRENCIES])];

function OpenWalletForm({ onDone }: { onDone(): void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { api, queries } = useParts();
  const queryClient = useQueryClient();
  const problemText = useProblemText();
  const [problem, setProblem] = useState<string>();
  // One dialog opens one wallet, however often it is submitted.
  const [idempotencyKey] = useState(() => uuidv7());
  const { register, handleSubmit, formState } = useForm<Fields, unknown, Order>({
    resolver: schemaResolver<Fields, Order>(t, ({ openWalletBody }) =>
      openWalletBody.pick({ currency: true, name: true }),
    ),
    defaultValues: { currency: 'USD' },
  });
  const names = new Intl.DisplayNames(locale, { type: 'currency' });

  async function openWallet(body: Order): Promise<void> {
    setProblem(undefined);
    try {
      const wallet = await api.call('POST /v1/wallets', { body, idempotencyKey });
      queryClient.setQueryData(queries.wallets().queryKey, (before = []) =>
        before.some(({ id }) => id === wallet.id) ? before : [wallet, ...before],
      );
      showToast({ tone: 'ok', title: t('wallet.opened', { name: wallet.name }) });
      onDone();
    } catch (error) {
      setProblem(problemText(error));
    }
  }

  const submit = handleSubmit(openWallet);
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-5">
      {problem !== undefined && (
        <Notice tone="danger" urgent>
          {problem}
        </Notice>
      )}
      <SelectField
        {...register('currency')}
        label={t('wallet.currency')}
        error={formState.errors.currency?.message}
      >
        {currencies.map((currency) => (
          <option key={currency} value={currency}>
            {currency} · {names.of(currency)}
          </option>
        ))}
      </SelectField>
      <TextField
        {...register('name', { setValueAs: (text: string) => text.trim() || undefined })}
        label={t('wallet.name')}
        hint={t('wallet.nameHint')}
        autoComplete="off"
        error={formState.errors.name?.message}
      />
      <Button type="submit" busy={formState.isSubmitting}>
        {t('wallet.open')}
      </Button>
    </form>
  );
}

export default function OpenWalletDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('wallet.newTitle')}
      description={t('wallet.newText')}
    >
      <OpenWalletForm onDone={onClose} />
    </Dialog>
  );
}
