import type { Currency } from '@florin/kernel';
import type { TransactionStatus, TransactionType } from '@florin/contracts';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { addDays } from 'date-fns';
import { Search, SlidersHorizontal, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TransactionFilters } from '../api/queries.ts';
import { parseMoney } from '../format/money.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { SelectField } from '../ui/select-field.tsx';
import { Card, PageHeader } from '../ui/surfaces.tsx';
import { useSettled } from '../ui/use-settled.ts';
import { TransactionList } from './transaction-list.tsx';
import { useMyWallets } from './use-my-wallets.ts';
import { joinClasses } from '../ui/join-classes.ts';

const PATH = '/app/activity';

const TYPES = {
  transfer: true,
  deposit: true,
  withdrawal: true,
  hold: true,
  capture: true,
  release: true,
  reversal: true,
  reward: true,
  conversion: true,
  adjustment: true,
} satisfies Record<TransactionType, true>;
const STATUSES = {
  pending: true,
  held: true,
  completed: true,
  failed: true,
  reversed: true,
} satisfies Record<TransactionStatus, true>;
/** Every name that the contract has: the compiler counts them, and no schema has to be loaded. */
const namesOf = <Name extends string>(names: Record<Name, true>): Name[] =>
  Object.keys(names) as Name[];

/** Filters live in the address: a view can be kept, shared with oneself, and gone back to. */
function useFilters() {
  const search = useSearch({ from: PATH });
  const navigate = useNavigate({ from: '/activity' });
  const set = (changes: Partial<typeof search>): void =>
    void navigate({
      replace: true,
      search: (before) =>
        Object.fromEntries(
          Object.entries({ ...before, ...changes }).filter(([, value]) => value !== ''),
        ),
    });
  return { search, set };
}

/** The currency that is meant, when the choice leaves one only. */
function useOneCurrency(): Currency | undefined {
  const { wallets, find } = useMyWallets();
  const { search } = useFilters();
  const named = wallets.find(({ currency }) => currency === search.currency) ?? find(search.wallet);
  const all = new Set(wallets.map(({ currency }) => currency));
  return named?.currency ?? (all.size === 1 ? wallets[0]?.currency : undefined);
}

/** What looks like an amount is found among what is shown; words are found by the server. */
const isAmount = (text: string): boolean => /^[\d.,'\s]+$/.test(text);

const startOf = (date: string): string => new Date(`${date}T00:00:00`).toISOString();

function Filters() {
  const { t } = useTranslation();
  const { wallets } = useMyWallets();
  const { search, set } = useFilters();
  const amountsMean = useOneCurrency();
  const choose =
    (name: keyof typeof search) =>
    ({ target }: { target: { value: string } }): void =>
      set({ [name]: target.value });
  return (
    <div className="grid gap-4 border-t border-line p-4 sm:grid-cols-2 sm:p-5 lg:grid-cols-3">
      <SelectField
        label={t('activity.wallet')}
        value={search.wallet ?? ''}
        onChange={choose('wallet')}
      >
        <option value="">{t('activity.any')}</option>
        {wallets.map(({ id, name, currency }) => (
          <option key={id} value={id}>
            {name} · {currency}
          </option>
        ))}
      </SelectField>
      <SelectField label={t('activity.type')} value={search.type ?? ''} onChange={choose('type')}>
        <option value="">{t('activity.any')}</option>
        {namesOf(TYPES).map((type) => (
          <option key={type} value={type}>
            {t(`tx.type.${type}`)}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={t('activity.status')}
        value={search.status ?? ''}
        onChange={choose('status')}
      >
        <option value="">{t('activity.any')}</option>
        {namesOf(STATUSES).map((status) => (
          <option key={status} value={status}>
            {t(`tx.status.${status}`)}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={t('activity.currency')}
        value={search.currency ?? ''}
        onChange={choose('currency')}
      >
        <option value="">{t('activity.any')}</option>
        {[...new Set(wallets.map((wallet) => wallet.currency))].map((one) => (
          <option key={one}>{one}</option>
        ))}
      </SelectField>
      {(['min', 'max'] as const).map((name) => (
        <TextField
          key={name}
          inputMode="decimal"
          label={t(`activity.${name}`)}
          value={search[name] ?? ''}
          onChange={choose(name)}
          disabled={amountsMean === undefined}
        />
      ))}
      <TextField
        type="date"
        label={t('activity.from')}
        value={search.from ?? ''}
        onChange={choose('from')}
      />
      <TextField
        type="date"
        label={t('activity.to')}
        value={search.to ?? ''}
        onChange={choose('to')}
      />
    </div>
  );
}

const SETTLE_MS = 250;

/** What the server is asked for. Amounts mean something in one currency only. */
function useServerFilters(): { filters: TransactionFilters; text: string | undefined } {
  const locale = useLocale();
  const { search } = useFilters();
  const currency = useOneCurrency();
  const { text = '', wallet, type, status, from, to, min, max } = search;
  const settled = useSettled(text.trim(), SETTLE_MS);
  const minorOf = (typed: string | undefined): string | undefined => {
    if (typed === undefined || currency === undefined) return undefined;
    const amount = parseMoney(typed, currency, locale);
    return amount.ok ? String(amount.value) : undefined;
  };
  const amount = isAmount(settled);
  return {
    text: amount ? settled : undefined,
    filters: {
      walletId: wallet,
      type,
      status,
      currency: search.currency,
      minAmount: minorOf(min),
      maxAmount: minorOf(max),
      text: amount || settled === '' ? undefined : settled,
      from: from === undefined ? undefined : startOf(from),
      to: to === undefined ? undefined : addDays(new Date(startOf(to)), 1).toISOString(),
    },
  };
}

const FILTERS = ['wallet', 'type', 'status', 'currency', 'min', 'max', 'from', 'to'] as const;
const NO_FILTERS = Object.fromEntries(FILTERS.map((name) => [name, '']));

export function ActivityPage() {
  const { t } = useTranslation();
  const { search, set } = useFilters();
  const asked = useServerFilters();
  const chosen = FILTERS.filter((name) => search[name] !== undefined).length;
  const [shown, setShown] = useState(chosen > 0);
  return (
    <>
      <PageHeader title={t('nav.activity')} />
      <div className="grid gap-4">
        <Card>
          <div className="flex items-center gap-2 p-3 sm:p-4">
            <label className="relative min-w-0 flex-1">
              <span className="sr-only">{t('activity.search')}</span>
              <Search
                className={joinClasses(
                  'pointer-events-none absolute top-1/2 left-3 size-4.5',
                  '-translate-y-1/2 text-muted',
                )}
                aria-hidden
              />
              <input
                type="search"
                value={search.text ?? ''}
                onChange={({ target }) => set({ text: target.value })}
                placeholder={t('activity.searchFor')}
                className={joinClasses(
                  'min-h-11 w-full rounded-control bg-sunken pr-3 pl-10',
                  'placeholder:text-muted',
                )}
              />
            </label>
            <Button
              look="secondary"
              aria-expanded={shown}
              aria-label={t('activity.filters')}
              onClick={() => setShown(!shown)}
              icon={<SlidersHorizontal className="size-4.5" aria-hidden />}
            >
              <span className="hidden sm:inline">{t('activity.filters')}</span>
              {chosen > 0 && (
                <span
                  className={joinClasses(
                    'grid size-5 place-items-center rounded-full bg-brand text-xs',
                    'text-on-brand',
                  )}
                >
                  {chosen}
                </span>
              )}
            </Button>
            {chosen > 0 && (
              <Button
                look="quiet"
                aria-label={t('activity.clear')}
                onClick={() => set(NO_FILTERS)}
                icon={<X className="size-4.5" aria-hidden />}
              />
            )}
          </div>
          {shown && <Filters />}
        </Card>
        <TransactionList text={asked.text} filters={asked.filters} />
      </div>
    </>
  );
}
