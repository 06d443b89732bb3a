import { Link } from '@tanstack/react-router';
import { useInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query';
import { ArrowUpRight, Landmark, Plus, Receipt, WalletCards } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParts } from '../api/parts.ts';
import { MORE_PLACES } from '../shell/more-places.ts';
import { Button, buttonClasses } from '../ui/button.tsx';
import { joinClasses } from '../ui/join-classes.ts';
import { Card, EmptyState, PageHeader } from '../ui/surfaces.tsx';
import { ListSkeleton } from './transaction-list.tsx';
import { TransactionRow } from './transaction-row.tsx';
import { useMyWallets } from './use-my-wallets.ts';
import { WalletCard } from './wallet-card.tsx';

const RECENT_MAX = 6;

const OpenWalletDialog = lazy(() => import('./open-wallet-dialog.tsx'));

function Actions({ onOpen }: { onOpen(): void }) {
  const { t } = useTranslation();
  const icon = 'size-4.5';
  return (
    <div className="grid grid-cols-2 gap-2 sm:flex sm:flex-wrap">
      <Link to="/send" className={buttonClasses()}>
        <ArrowUpRight className={icon} aria-hidden />
        {t('nav.send')}
      </Link>
      <Link to="/deposit" className={buttonClasses('secondary')}>
        <Plus className={icon} aria-hidden />
        {t('pay.deposit')}
      </Link>
      <Link to="/withdraw" className={buttonClasses('secondary')}>
        <Landmark className={icon} aria-hidden />
        {t('pay.withdraw')}
      </Link>
      <Button look="secondary" onClick={onOpen} icon={<WalletCards className={icon} aria-hidden />}>
        {t('wallet.new')}
      </Button>
    </div>
  );
}

/** What the side bar offers where there is room for one. */
function More() {
  const { t } = useTranslation();
  return (
    <nav aria-label={t('home.more')} className="grid grid-cols-3 gap-1 sm:grid-cols-6 lg:hidden">
      {MORE_PLACES.map(({ to, icon: Icon, text }) => (
        <Link
          key={to}
          to={to}
          className={joinClasses(
            'grid justify-items-center gap-1.5 rounded-control py-2 text-center text-xs',
            'font-semibold hover:bg-sunken',
          )}
        >
          <span className="grid size-11 place-items-center rounded-full bg-brand-soft text-brand">
            <Icon className="size-5" aria-hidden />
          </span>
          {t(text)}
        </Link>
      ))}
    </nav>
  );
}

function RecentActivity() {
  const { t } = useTranslation();
  const { queries } = useParts();
  const { data } = useInfiniteQuery(queries.transactions());
  const recent = data?.pages[0]?.items.slice(0, RECENT_MAX);
  return (
    <Card className="overflow-hidden">
      <div className="flex items-baseline justify-between px-5 pt-4 pb-2">
        <h2 className="text-lg font-bold">{t('home.recent')}</h2>
        <Link to="/activity" className="text-sm font-semibold text-brand underline">
          {t('home.all')}
        </Link>
      </div>
      {recent === undefined && <ListSkeleton />}
      {recent?.length === 0 && (
        <EmptyState
          icon={<Receipt className="size-6" aria-hidden />}
          title={t('home.fundTitle')}
          text={t('home.fundText')}
        >
          <Link to="/deposit" className={buttonClasses()}>
            {t('pay.deposit')}
          </Link>
        </EmptyState>
      )}
      <ul className="divide-y divide-line">
        {recent?.map((transaction) => (
          <li key={transaction.id}>
            <TransactionRow transaction={transaction} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function HomePage() {
  const { t } = useTranslation();
  const { queries } = useParts();
  const { data: me } = useSuspenseQuery(queries.me());
  const { open } = useMyWallets();
  const [opening, setOpening] = useState(false);
  return (
    <>
      <PageHeader title={t('home.hello', { name: me.name })} />
      {open.length === 0 ? (
        <Card>
          <EmptyState
            icon={<WalletCards className="size-6" aria-hidden />}
            title={t('home.firstTitle')}
            text={t('home.firstText')}
          >
            <Button size="large" onClick={() => setOpening(true)}>
              {t('wallet.open')}
            </Button>
          </EmptyState>
        </Card>
      ) : (
        <div className="grid gap-6">
          <ul
            className={joinClasses(
              'grid grid-cols-[repeat(auto-fill,minmax(min(100%,19rem),1fr))] gap-4',
              // Side by side on phones: what can be done with them stays in reach.
              'max-sm:-mx-4 max-sm:flex max-sm:snap-x max-sm:snap-mandatory max-sm:gap-3',
              'max-sm:scroll-px-4 max-sm:overflow-x-auto max-sm:px-4 max-sm:pb-2',
            )}
          >
            {open.map((wallet) => (
              <li
                key={wallet.id}
                className={joinClasses(
                  'max-sm:shrink-0 max-sm:snap-start',
                  open.length > 1 ? 'max-sm:w-[86%]' : 'max-sm:w-full',
                )}
              >
                <WalletCard wallet={wallet} />
              </li>
            ))}
          </ul>
          <Actions onOpen={() => setOpening(true)} />
          <More />
          <RecentActivity />
        </div>
      )}
      {opening && (
        <Suspense>
          <OpenWalletDialog onClose={() => setOpening(false)} />
        </Suspense>
      )}
    </>
  );
}
