import type { Currency } from '@florin/kernel';
import { formatMoney, moneyParts } from '../format/money.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { joinClasses } from '../ui/join-classes.ts';
import { useJolts } from './jolted-wallets.ts';

interface AmountProps {
  minor: string;
  currency: Currency;
  className?: string;
  /** A plus before what comes in. */
  signed?: boolean;
}

export function Amount({ minor, currency, className, signed }: AmountProps) {
  const locale = useLocale();
  const plus = signed === true && !minor.startsWith('-') && minor !== '0' ? '+' : '';
  return (
    <span className={joinClasses('tabular whitespace-nowrap', className)}>
      {plus + formatMoney(minor, currency, locale)}
    </span>
  );
}

interface BalanceProps {
  walletId: string;
  minor: string;
  currency: Currency;
  className?: string;
}

/** A balance, large: whole units first. It jolts when it had to be put back. */
export function Balance({ walletId, minor, currency, className }: BalanceProps) {
  const locale = useLocale();
  const jolts = useJolts(walletId);
  const { lead, fraction, tail } = moneyParts(minor, currency, locale);
  return (
    <span
      key={jolts}
      data-jolts={jolts}
      className={joinClasses(
        'tabular inline-block font-bold tracking-tight whitespace-nowrap',
        jolts > 0 && 'animate-jolt',
        className,
      )}
    >
      {lead}
      <span className="text-[0.62em] font-semibold">{fraction}</span>
      {tail}
    </span>
  );
}
