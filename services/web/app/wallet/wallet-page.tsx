import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import {
  ArrowUpRight,
  BellRing,
  CircleX,
  Copy,
  FileDown,
  Landmark,
  Lock,
  Plus,
  Scale,
  Snowflake,
  Sun,
  TrendingDown,
} from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WalletView } from '../api/answers.ts';
import { useParts } from '../api/parts.ts';
import { useProblemText } from '../i18n/problem-text.ts';
import { loadTexts } from '../i18n/start-i18n.ts';
import { may } from '../session/staff.ts';
import { NotFoundPage, PagePending } from '../shell/fallbacks.tsx';
import { buttonClasses } from '../ui/button.tsx';
import { MenuButton } from '../ui/menu-button.tsx';
import type { MenuItem } from '../ui/menu.tsx';
import { Card, PageHeader, Skeleton } from '../ui/surfaces.tsx';
import { showToast } from '../ui/toast-store.ts';
import { whenIdle } from '../ui/when-idle.ts';
import { Amount } from './amount.tsx';
import { TransactionList } from './transaction-list.tsx';
import { useMyWallets } from './use-my-wallets.ts';
import { WalletFace } from './wallet-card.tsx';

// Charts and questions come after the figures.
const BalanceChart = lazy(() => whenIdle().then(() => import('./balance-chart.tsx')));
const HoldDialog = lazy(async () => {
  await loadTexts('more');
  return import('../more/hold-dialog.tsx');
});
const MonitorsDialog = lazy(() => import('./monitors-dialog.tsx'));
const OverdraftDialog = lazy(() => import('./overdraft-dialog.tsx'));
const StatementDialog = lazy(() => import('./statement-dialog.tsx'));
const ConfirmDialog = lazy(async () => ({
  default: (await import('../ui/dialog.tsx')).ConfirmDialog,
}));

type Change = 'freeze' | 'unfreeze' | 'close';
type Opened = 'statement' | 'monitors' | 'overdraft' | 'hold';

function Balances({ wallet }: { wallet: WalletView }) {
  const { t } = useTranslation();
  const { balances, currency } = wallet;
  return (
    <Card className="p-5">
      <dl className="grid gap-4">
        {(['posted', 'held', 'available'] as const).map((name) => (
          <div key={name} className="flex items-baseline justify-between gap-4">
            <dt>
              <span className="block text-sm font-semibold">{t(`wallet.${name}`)}</span>
              <span className="block text-xs text-muted">{t(`wallet.about.${name}`)}</span>
            </dt>
            <dd>
              <Amount minor={balances[name]} currency={currency} className="font-semibold" />
            </dd>
          </div>
        ))}
        {wallet.overdraftLimit !== undefined && wallet.overdraftLimit !== '0' && (
          <div className="flex items-baseline justify-between gap-4">
            <dt className="text-sm font-semibold">{t('overdraft.allowed')}</dt>
            <dd>
              <Amount minor={wallet.overdraftLimit} currency={currency} className="font-semibold" />
            </dd>
          </div>
        )}
      </dl>
    </Card>
  );
}

/** Freezing shows at once and is taken back when the API says no. */
function useChangeStatus(wallet: WalletView) {
  const { api, queries } = useParts();
  const queryClient = useQueryClient();
  const { t } = useTranslation();
  const problemText = useProblemText();
  const { queryKey } = queries.wallets();
  const put = (next: WalletView): void => {
    queryClient.setQueryData(queryKey, (all = []) =>
      all.map((one) => (one.id === next.id ? next : one)),
    );
    queryClient.setQueryData(queries.wallet(next.id).queryKey, next);
  };
  return async (change: Change): Promise<void> => {
    const status = { freeze: 'frozen', unfreeze: 'active', close: 'closed' } as const;
    if (change !== 'close') put({ ...wallet, status: status[change] });
    try {
      put(await api.call(`POST /v1/wallets/{id}/${change}`, { path: { id: wallet.id } }));
      showToast({ tone: 'ok', title: t(`wallet.done.${change}`, { name: wallet.name }) });
    } catch (error) {
      put(wallet);
      showToast({ tone: 'danger', title: t('wallet.notChanged'), text: problemText(error) });
    }
  };
}

function useWalletMenu(
  wallet: WalletView,
  ask: (change: Change) => void,
  show: (opened: Opened) => void,
): MenuItem[] {
  const { t } = useTranslation();
  const { queries } = useParts();
  const navigate = useNavigate();
  const { data: me } = useQuery(queries.me());
  const mayChange = me?.id === wallet.ownerId || may(me, 'change-wallets');
  const icon = 'size-4.5';
  const items: MenuItem[] = [
    {
      label: t('wallet.copyId'),
      icon: <Copy className={icon} aria-hidden />,
      onSelect() {
        void navigator.clipboard.writeText(wallet.id).then(() => {
          showToast({ tone: 'ok', title: t('wallet.copied'), text: wallet.id });
        });
      },
    },
    {
      label: t('statement.title'),
      icon: <FileDown className={icon} aria-hidden />,
      onSelect: () => show('statement'),
    },
  ];
  if (me?.id === wallet.ownerId && wallet.status === 'active') {
    items.push({
      label: t('wallet.reserve'),
      icon: <Lock className={icon} aria-hidden />,
      onSelect: () => show('hold'),
    });
  }
  if (me?.id === wallet.ownerId) {
    items.push({
      label: t('monitor.title'),
      icon: <BellRing className={icon} aria-hidden />,
      onSelect: () => show('monitors'),
    });
  }
  if (may(me, 'give-back') && wallet.status !== 'closed') {
    items.push({
      label: t('overdraft.title'),
      icon: <TrendingDown className={icon} aria-hidden />,
      onSelect: () => show('overdraft'),
    });
    items.push({
      label: t('wallet.adjust'),
      icon: <Scale className={icon} aria-hidden />,
      onSelect: () => void navigate({ to: '/console/adjustments', search: { wallet: wallet.id } }),
    });
  }
  if (!mayChange) return items;
  if (wallet.status === 'active') {
    items.push({
      label: t('wallet.freeze'),
      icon: <Snowflake className={icon} aria-hidden />,
      onSelect: () => ask('freeze'),
    });
  }
  if (wallet.status === 'frozen') {
    items.push({
      label: t('wallet.unfreeze'),
      icon: <Sun className={icon} aria-hidden />,
      onSelect: () => ask('unfreeze'),
    });
  }
  if (wallet.status !== 'closed') {
    items.push({
      label: t('wallet.close'),
      icon: <CircleX className={icon} aria-hidden />,
      danger: true,
      onSelect: () => ask('close'),
    });
  }
  return items;
}

function WalletActions({ wallet, items }: { wallet: WalletView; items: MenuItem[] }) {
  const { t } = useTranslation();
  const { isMine } = useMyWallets();
  const search = { wallet: wallet.id };
  const icon = 'size-4.5';
  return (
    <>
      {wallet.status === 'active' && isMine(wallet.id) && (
        <>
          <Link to="/send" search={search} className={buttonClasses()}>
            <ArrowUpRight className={icon} aria-hidden />
            {t('nav.send')}
          </Link>
          <Link to="/deposit" search={search} className={buttonClasses('secondary')}>
            <Plus className={icon} aria-hidden />
            {t('pay.deposit')}
          </Link>
          <Link to="/withdraw" search={search} className={buttonClasses('secondary')}>
            <Landmark className={icon} aria-hidden />
            {t('pay.withdraw')}
          </Link>
        </>
      )}
      <MenuButton label={t('wallet.more')} items={items} />
    </>
  );
}

function WalletDetails({ wallet }: { wallet: WalletView }) {
  const { t } = useTranslation();
  const { queries } = useParts();
  const navigate = useNavigate();
  const changeStatus = useChangeStatus(wallet);
  const [asked, setAsked] = useState<Change>();
  const [opened, setOpened] = useState<Opened>();
  const items = useWalletMenu(wallet, setAsked, setOpened);
  const close = (): void => setOpened(undefined);
  const { data: entries } = useQuery(queries.recentEntries(wallet.id));
  async function confirm(): Promise<void> {
    if (asked === undefined) return;
    setAsked(undefined);
    await changeStatus(asked);
    if (asked === 'close') await navigate({ to: '/' });
  }
  return (
    <>
      <PageHeader title={wallet.name} actions={<WalletActions wallet={wallet} items={items} />} />
      <div className="grid gap-6 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="grid content-start gap-6 xl:order-2">
          <WalletFace wallet={wallet} large />
          <Balances wallet={wallet} />
        </div>
        <div className="grid min-w-0 content-start gap-6">
          {entries === undefined && <Skeleton className="h-64 rounded-card" />}
          {entries !== undefined && entries.length > 1 && (
            <Suspense fallback={<Skeleton className="h-64 rounded-card" />}>
              <BalanceChart entries={entries} currency={wallet.currency} />
            </Suspense>
          )}
          <TransactionList filters={{ walletId: wallet.id }} />
        </div>
      </div>
      <Suspense>
        {opened === 'statement' && <StatementDialog wallet={wallet} onClose={close} />}
        {opened === 'hold' && <HoldDialog walletId={wallet.id} onClose={close} />}
        {opened === 'monitors' && <MonitorsDialog wallet={wallet} onClose={close} />}
        {opened === 'overdraft' && <OverdraftDialog wallet={wallet} onClose={close} />}
        {asked !== undefined && (
          <ConfirmDialog
            open
            onOpenChange={() => setAsked(undefined)}
            title={t(`wallet.ask.${asked}`, { name: wallet.name })}
            description={t(`wallet.askText.${asked}`)}
            confirm={t(`wallet.${asked}`)}
            danger={asked === 'close'}
            onConfirm={() => void confirm()}
          />
        )}
      </Suspense>
    </>
  );
}

/** A wallet of the person; operators may look at any. */
export function WalletPage() {
  const { walletId } = useParams({ from: '/app/wallets/$walletId' });
  const { queries } = useParts();
  const { find } = useMyWallets();
  const mine = find(walletId);
  const { data: other, isError } = useQuery({
    ...queries.wallet(walletId),
    enabled: mine === undefined,
  });
  const wallet = mine ?? other;
  if (wallet) return <WalletDetails wallet={wallet} />;
  return isError ? <NotFoundPage /> : <PagePending />;
}
