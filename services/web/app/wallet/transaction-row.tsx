import { Link } from '@tanstack/react-router';
import {
  ArrowDownLeft,
  ArrowLeftRight,
  ArrowUpRight,
  Ban,
  Clock3,
  Gift,
  Landmark,
  RotateCcw,
  Scale,
  ShieldQuestion,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { TransactionView } from '../api/answers.ts';
import { formatTime } from '../format/dates.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { joinClasses } from '../ui/join-classes.ts';
import { Pill } from '../ui/surfaces.tsx';
import { Amount } from './amount.tsx';
import { describeTransaction, standingOf, type Described } from './describe-transaction.ts';
import { useMyWallets } from './use-my-wallets.ts';

const ICONS = {
  deposit: Landmark,
  withdrawal: Landmark,
  sent: ArrowUpRight,
  received: ArrowDownLeft,
  moved: ArrowLeftRight,
  hold: Clock3,
  capture: ArrowUpRight,
  release: RotateCcw,
  reversal: RotateCcw,
  reward: Gift,
  conversion: ArrowLeftRight,
  adjustment: Scale,
} satisfies Record<Described['kind'], unknown>;

/** The last digits of a wallet that is nobody's we know. */
export const shortId = (id: string): string => `…${id.slice(-6)}`;

export function StandingPill({ transaction }: { transaction: TransactionView }) {
  const { t } = useTranslation();
  const standing = standingOf(transaction);
  const text = t(`standing.${standing}`);
  switch (standing) {
    case 'completed':
      return <Pill tone="ok">{text}</Pill>;
    case 'failed':
    case 'reversed':
      return (
        <Pill tone="danger" icon={<Ban className="size-3.5" aria-hidden />}>
          {text}
        </Pill>
      );
    case 'held-for-review':
      return (
        <Pill tone="warn" icon={<ShieldQuestion className="size-3.5" aria-hidden />}>
          {text}
        </Pill>
      );
    case 'pending':
    case 'held-for-bank':
    case 'held-for-payee':
      return (
        <Pill tone="warn" icon={<Clock3 className="size-3.5" aria-hidden />}>
          {text}
        </Pill>
      );
  }
}

/** What belongs together stays on one line, where it fits. */
const together = (text: string): string =>
  text.replaceAll(' ', '\u00a0').replaceAll('…', '…\u2060');

interface TransactionRowProps {
  transaction: TransactionView;
  /** The wallet whose history this is, when it is one wallet's. */
  viewedFrom?: string;
}

export function TransactionRow({ transaction, viewedFrom }: TransactionRowProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { find, isMine } = useMyWallets();
  const described = describeTransaction(transaction, isMine, viewedFrom);
  const { kind, direction, signed, voided, walletId, otherWalletId } = described;
  const Icon = ICONS[kind];
  const other =
    otherWalletId === undefined
      ? undefined
      : (find(otherWalletId)?.name ?? t('tx.wallet', { id: shortId(otherWalletId) }));
  const facts = [
    formatTime(transaction.createdAt, locale),
    find(walletId)?.name ?? '',
    other ?? '',
  ];
  return (
    <Link
      to="/transactions/$transactionId"
      params={{ transactionId: transaction.id }}
      className={joinClasses(
        'flex min-h-16 items-center gap-3 px-4 py-3 transition-colors hover:bg-sunken',
        'sm:gap-4 sm:px-5',
      )}
    >
      <span
        className={joinClasses(
          'grid size-10 shrink-0 place-items-center rounded-full',
          voided ? 'bg-sunken text-muted' : 'bg-brand-soft text-brand',
        )}
      >
        <Icon className="size-5" aria-hidden />
      </span>
      <span className="min-w-0 flex-1">
        <span className="block truncate font-semibold">
          {transaction.description || t(`tx.kind.${kind}`)}
        </span>
        <span className="line-clamp-2 text-sm wrap-anywhere text-muted sm:line-clamp-1">
          {facts.filter(Boolean).map(together).join(' · ')}
        </span>
      </span>
      <span className="grid shrink-0 justify-items-end gap-1">
        <Amount
          minor={signed}
          currency={transaction.currency}
          signed={direction === 'in'}
          className={joinClasses(
            'font-semibold',
            voided && 'text-muted line-through',
            !voided && direction === 'in' && 'text-ok',
          )}
        />
        {transaction.status !== 'completed' && <StandingPill transaction={transaction} />}
      </span>
    </Link>
  );
}
