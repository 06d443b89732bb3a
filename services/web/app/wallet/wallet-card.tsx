import { Link } from '@tanstack/react-router';
import { Snowflake } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { WalletView } from '../api/answers.ts';
import { formatMoney } from '../format/money.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { joinClasses } from '../ui/join-classes.ts';
import { Balance } from './amount.tsx';
import { Guilloche } from './guilloche.tsx';

/** Deep enough for white text on every spot of them (7:1). */
const INKS = [
  'from-[#0a5847] to-[#053a31]',
  'from-[#1d4a86] to-[#122c56]',
  'from-[#6b2f63] to-[#431a44]',
  'from-[#7c3a1e] to-[#4d2110]',
  'from-[#4a4a1f] to-[#2c2d10]',
  'from-[#215668] to-[#113641]',
];
const FIRST: Record<string, number> = { USD: 0, EUR: 1, GBP: 2, CHF: 3, JPY: 4, BTC: 5 };

const inkOf = (currency: string): string => {
  const other = Array.from(currency).reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  return INKS[FIRST[currency] ?? other % INKS.length] ?? '';
};

/** The face of a wallet, engraved like a banknote of its currency. */
export function WalletFace({ wallet, large }: { wallet: WalletView; large?: boolean }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { id, name, currency, status, balances } = wallet;
  const held = balances.held !== '0';
  return (
    <div
      className={joinClasses(
        'relative flex h-full min-h-44 flex-col justify-between gap-6 overflow-hidden rounded-card',
        'bg-linear-to-br p-5 text-white shadow-card',
        inkOf(currency),
        status !== 'active' && 'saturate-50',
      )}
    >
      <Guilloche
        seed={currency}
        className="pointer-events-none absolute -top-1/4 -right-20 h-[150%] text-white/20"
      />
      <div className="relative flex items-start justify-between gap-3">
        <p className="min-w-0 truncate font-semibold">{name}</p>
        <p className="flex items-center gap-2 text-sm font-semibold text-white/90">
          {status === 'frozen' && (
            <span
              className={joinClasses(
                'flex items-center gap-1 rounded-full bg-black/35 px-2.5 py-0.5 text-xs',
              )}
            >
              <Snowflake className="size-3.5" aria-hidden />
              {t('wallet.status.frozen')}
            </span>
          )}
          {currency}
        </p>
      </div>
      <div className="relative grid gap-1">
        <p className="text-xs font-medium text-white/85">{t('wallet.available')}</p>
        <Balance
          walletId={id}
          minor={balances.available}
          currency={currency}
          className={large === true ? 'text-3xl' : 'text-2xl'}
        />
        <p className="tabular min-h-4.5 text-xs text-white/85">
          {held &&
            t('wallet.postedAndHeld', {
              posted: formatMoney(balances.posted, currency, locale),
              held: formatMoney(balances.held, currency, locale),
            })}
        </p>
      </div>
    </div>
  );
}

export function WalletCard({ wallet }: { wallet: WalletView }) {
  return (
    <Link
      to="/wallets/$walletId"
      params={{ walletId: wallet.id }}
      className={joinClasses(
        'block rounded-card transition-transform duration-200 ease-settle',
        'hover:-translate-y-0.5',
      )}
    >
      <WalletFace wallet={wallet} />
    </Link>
  );
}
