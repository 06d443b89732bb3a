import type { BalanceMonitor } from '@florin/contracts';
import { useQuery } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { WalletView } from '../api/answers.ts';
import { useAction } from '../api/use-action.ts';
import { useParts } from '../api/parts.ts';
import { formatMoney, parseMoney } from '../format/money.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { SelectField } from '../ui/select-field.tsx';
import { Skeleton } from '../ui/surfaces.tsx';
import { AmountField } from './amount-field.tsx';

const CHANGES = ['balance-monitors'] as const;

interface Fields {
  direction: BalanceMonitor['direction'];
  threshold: string;
}

function MonitorRow({ monitor, wallet }: { monitor: BalanceMonitor; wallet: WalletView }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { api } = useParts();
  const { busy, act } = useAction();
  const { id, direction, threshold } = monitor;
  const amount = formatMoney(threshold, wallet.currency, locale);
  const remove = (): void =>
    void act(() => api.call('DELETE /v1/balance-monitors/{id}', { path: { id } }), {
      failed: t('settings.notChanged'),
      changes: CHANGES,
    });
  return (
    <li className="flex min-h-12 items-center justify-between gap-3 text-sm font-medium">
      {t(`monitor.${direction}`, { amount })}
      <IconButton label={t('monitor.remove')} aria-busy={busy} onClick={remove}>
        <Trash2 className="size-4.5" aria-hidden />
      </IconButton>
    </li>
  );
}

/** Lines that a balance may cross; whoever draws one is told when it does. */
export default function MonitorsDialog({
  wallet,
  onClose,
}: {
  wallet: WalletView;
  onClose(): void;
}) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { api, queries } = useParts();
  const { busy, act } = useAction();
  const { data: all } = useQuery(queries.balanceMonitors());
  const monitors = all?.filter(({ walletId }) => walletId === wallet.id);
  const { register, handleSubmit, formState, reset } = useForm<Fields>({
    defaultValues: { direction: 'below', threshold: '' },
  });
  const read = (text: string) => parseMoney(text, wallet.currency, locale);
  const submit = handleSubmit(async ({ direction, threshold: text }) => {
    const threshold = read(text);
    if (!threshold.ok) return;
    const body = { walletId: wallet.id, direction, threshold: String(threshold.value) };
    const done = await act(() => api.call('POST /v1/balance-monitors', { body }), {
      failed: t('settings.notChanged'),
      changes: CHANGES,
    });
    if (done) reset();
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t('monitor.title')}
      description={t('monitor.text', { name: wallet.name })}
    >
      <div className="grid gap-5">
        {monitors === undefined && <Skeleton className="h-12" />}
        <ul className="divide-y divide-line">
          {monitors?.map((monitor) => (
            <MonitorRow key={monitor.id} monitor={monitor} wallet={wallet} />
          ))}
        </ul>
        <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-4">
          <SelectField {...register('direction')} label={t('monitor.when')}>
            <option value="below">{t('monitor.falls')}</option>
            <option value="above">{t('monitor.reaches')}</option>
          </SelectField>
          <AmountField
            {...register('threshold', {
              validate(text) {
                const amount = read(text);
                return amount.ok || t(`amount.${amount.error}`);
              },
            })}
            label={t('pay.amount')}
            currency={wallet.currency}
            error={formState.errors.threshold?.message}
          />
          <Button type="submit" busy={busy}>
            {t('monitor.add')}
          </Button>
        </form>
      </div>
    </Dialog>
  );
}
