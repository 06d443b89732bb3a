import type { InboxMessage, MessageKind } from '@florin/contracts';
import { isCurrency } from '@florin/kernel';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import {
  ArrowDownLeft,
  ArrowUpRight,
  Ban,
  BellOff,
  CalendarX,
  FileCheck,
  Gift,
  HandCoins,
  Landmark,
  ShieldQuestion,
  Snowflake,
  TrendingDown,
  TrendingUp,
  type LucideIcon,
} from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useParts } from '../api/parts.ts';
import { formatRelative } from '../format/dates.ts';
import { formatMoney } from '../format/money.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { LoadMore } from '../ui/load-more.tsx';
import { joinClasses } from '../ui/join-classes.ts';
import { Card, EmptyState, PageHeader } from '../ui/surfaces.tsx';
import { ListSkeleton } from '../wallet/transaction-list.tsx';
import { useMyWallets } from '../wallet/use-my-wallets.ts';

const ICONS: Record<MessageKind, LucideIcon> = {
  'money-received': ArrowDownLeft,
  'payment-sent': ArrowUpRight,
  'payment-failed': Ban,
  'payment-under-review': ShieldQuestion,
  'deposit-completed': Landmark,
  'withdrawal-completed': Landmark,
  'wallet-status-changed': Snowflake,
  'reward-paid': Gift,
  'reward-taken-back': Gift,
  'balance-below': TrendingDown,
  'balance-above': TrendingUp,
  'payment-request-received': HandCoins,
  'payment-request-accepted': HandCoins,
  'payment-request-declined': HandCoins,
  'payment-request-cancelled': HandCoins,
  'payment-request-expired': HandCoins,
  'scheduled-transfer-failed': CalendarX,
  'bulk-file-finished': FileCheck,
};

function Message({ message }: { message: InboxMessage }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { find } = useMyWallets();
  const { kind, facts, createdAt, readAt } = message;
  const { amount, currency = '', transactionId, walletId } = facts;
  const Icon = ICONS[kind];
  // Of a balance that crossed a line, the line is told.
  const told = amount ?? facts['threshold'];
  const money =
    told !== undefined && isCurrency(currency) ? formatMoney(told, currency, locale) : '';
  const wallet = find(walletId)?.name ?? '';
  const counts = { completed: facts['completed'] ?? '', failed: facts['failed'] ?? '' };
  const content = (
    <>
      <span
        className={joinClasses(
          'grid size-10 shrink-0 place-items-center rounded-full bg-brand-soft text-brand',
        )}
      >
        <Icon className="size-5" aria-hidden />
      </span>
      <span className="min-w-0 flex-1">
        <span className={joinClasses('block', readAt === undefined && 'font-semibold')}>
          {t(`inbox.text.${kind}`, { money, wallet, ...counts })}
        </span>
        <span className="block text-sm text-muted">{formatRelative(createdAt, locale)}</span>
      </span>
      {readAt === undefined && (
        <span className="size-2.5 shrink-0 rounded-full bg-brand">
          <span className="sr-only">{t('inbox.unread')}</span>
        </span>
      )}
    </>
  );
  const classes = 'flex min-h-16 items-center gap-4 px-5 py-3 transition-colors hover:bg-sunken';
  if (transactionId === undefined) return <div className={classes}>{content}</div>;
  return (
    <Link to="/transactions/$transactionId" params={{ transactionId }} className={classes}>
      {content}
    </Link>
  );
}

/** What has happened while nobody looked. Having seen it is having read it. */
export function InboxPage() {
  const { t } = useTranslation();
  const { api, queries } = useParts();
  const queryClient = useQueryClient();
  const query = useInfiniteQuery(queries.notifications());
  const messages = query.data?.pages.flatMap(({ items }) => items);
  const unread = messages?.some(({ readAt }) => readAt === undefined) === true;

  // Marked when the page is left: until then one sees what is new.
  useEffect(() => {
    if (!unread) return undefined;
    return () => {
      void api
        .call('POST /v1/notifications/read', { body: {} })
        .then(() => queryClient.invalidateQueries({ queryKey: ['notifications'] }))
        .catch(() => undefined);
    };
  }, [unread, api, queryClient]);

  return (
    <div className="mx-auto max-w-2xl">
      <PageHeader title={t('inbox.title')} />
      <Card className="overflow-hidden">
        {messages === undefined && <ListSkeleton />}
        {messages?.length === 0 && (
          <EmptyState
            icon={<BellOff className="size-6" aria-hidden />}
            title={t('inbox.none')}
            text={t('inbox.noneText')}
          />
        )}
        <ul className="divide-y divide-line">
          {messages?.map((message) => (
            <li key={message.id}>
              <Message message={message} />
            </li>
          ))}
        </ul>
        <LoadMore query={query}>{t('inbox.more')}</LoadMore>
      </Card>
    </div>
  );
}
