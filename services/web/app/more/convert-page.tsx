import type { AnswerOf } from '@florin/client';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { ArrowDown, ArrowLeftRight } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WalletView } from '../api/answers.ts';
import type { Known } from '../api/api-client.ts';
import { useParts } from '../api/parts.ts';
import { formatMoney, parseMoney } from '../format/money.ts';
import { useProblemText } from '../i18n/problem-text.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { Button } from '../ui/button.tsx';
import { joinClasses } from '../ui/join-classes.ts';
import { Card, EmptyState, Notice, PageHeader, Skeleton } from '../ui/surfaces.tsx';
import { useSecondsUntil } from '../ui/use-seconds-until.ts';
import { useSettled } from '../ui/use-settled.ts';
import { AmountField } from '../wallet/amount-field.tsx';
import { Amount } from '../wallet/amount.tsx';
import { FeeLine } from '../wallet/fee-line.tsx';
import { PaymentOutcome } from '../wallet/payment-outcome.tsx';
import { UnsettledNotice } from '../wallet/unsettled-notice.tsx';
import { useMyWallets } from '../wallet/use-my-wallets.ts';
import { usePayment } from '../wallet/use-payment.ts';
import { WalletSelect } from '../wallet/wallet-select.tsx';

type Quote = Known<AnswerOf<'POST /v1/quotes'>>;

const SETTLE_MS = 400;

interface QuoteQuestion {
  from: WalletView;
  to: WalletView;
  /** Minor units; undefined while nothing sensible is typed. */
  amount: string | undefined;
}

/** A rate is promised for some seconds; once they are over, another one is asked for. */
function useQuote({ from, to, amount }: QuoteQuestion) {
  const { api } = useParts();
  const body = { fromCurrency: from.currency, toCurrency: to.currency, fromAmount: amount ?? '' };
  return useQuery({
    queryKey: ['quote', body],
    queryFn: ({ signal }) => api.call('POST /v1/quotes', { body, signal }),
    enabled: amount !== undefined && from.currency !== to.currency,
    staleTime: Infinity,
    gcTime: 0,
    refetchInterval: ({ state }) =>
      state.data ? Math.max(500, Date.parse(state.data.expiresAt) - Date.now()) : false,
  });
}

/** What comes, at which rate, and for how long that is promised. */
function Offer({ quote }: { quote: Quote }) {
  const { t } = useTranslation('more');
  const locale = useLocale();
  const seconds = useSecondsUntil(quote.expiresAt);
  const total = 30;
  return (
    <div className="grid gap-3 rounded-control bg-sunken p-4" role="status">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span className="text-sm text-muted">{t('convert.comes')}</span>
        <Amount minor={quote.toAmount} currency={quote.toCurrency} className="text-2xl font-bold" />
      </div>
      <p className="flex flex-wrap justify-between gap-x-4 text-sm text-muted">
        <span className="tabular">
          {t('convert.rate', {
            from: quote.fromCurrency,
            to: quote.toCurrency,
            rate: new Intl.NumberFormat(locale, { maximumSignificantDigits: 7 }).format(
              Number(quote.rate),
            ),
          })}
        </span>
        <span className="tabular">{t('convert.seconds', { count: seconds })}</span>
      </p>
      <progress
        value={Math.min(seconds, total)}
        max={total}
        aria-label={t('convert.promised')}
        className={joinClasses(
          'h-1.5 w-full overflow-hidden rounded-full bg-line',
          '[&::-moz-progress-bar]:bg-brand [&::-webkit-progress-bar]:bg-line',
          '[&::-webkit-progress-value]:bg-brand',
        )}
      />
    </div>
  );
}

interface ConvertFormProps {
  /** Of two currencies at least. */
  wallets: [WalletView, ...WalletView[]];
  initial: string | undefined;
  onConvert(quote: Quote, from: WalletView, to: WalletView): void;
}

function ConvertForm({ wallets, initial, onConvert }: ConvertFormProps) {
  const { t } = useTranslation('more');
  const { t: app } = useTranslation();
  const locale = useLocale();
  const problemText = useProblemText();
  const find = (id: string | undefined): WalletView | undefined =>
    wallets.find((wallet) => wallet.id === id);
  const [fromId, setFromId] = useState(initial);
  const [toId, setToId] = useState<string>();
  const [typed, setTyped] = useState('');
  const from = find(fromId) ?? wallets[0];
  const others = wallets.filter(({ currency }) => currency !== from.currency);
  const to = others.find(({ id }) => id === toId) ?? others[0] ?? from;
  const settled = useSettled(typed, SETTLE_MS);
  const read = parseMoney(settled, from.currency, locale);
  const {
    data: quote,
    error,
    isFetching,
  } = useQuote({
    from,
    to,
    amount: read.ok ? String(read.value) : undefined,
  });
  const tooMuch = read.ok && read.value > BigInt(from.balances.available);
  const mistake =
    settled === '' || (read.ok && !tooMuch)
      ? undefined
      : app(read.ok ? 'problem.insufficient-funds' : `amount.${read.error}`);
  const available = formatMoney(from.balances.available, from.currency, locale);
  const current = settled === typed && read.ok && !tooMuch && !isFetching ? quote : undefined;
  return (
    <form
      noValidate
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (current) onConvert(current, from, to);
      }}
    >
      <AmountField
        label={app('pay.amount')}
        currency={from.currency}
        hint={app('pay.availableNow', { amount: available })}
        error={mistake}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
      <WalletSelect
        label={app('pay.from')}
        wallets={wallets}
        value={from.id}
        onChange={({ target }) => setFromId(target.value)}
      />
      <ArrowDown className="-my-2 size-5 justify-self-center text-muted" aria-hidden />
      <WalletSelect
        label={t('convert.into')}
        wallets={others}
        value={to.id}
        onChange={({ target }) => setToId(target.value)}
      />
      {error && (
        <Notice tone="danger" urgent>
          {problemText(error)}
        </Notice>
      )}
      {isFetching && !quote && <Skeleton className="h-28 rounded-control" />}
      {quote && read.ok && <Offer key={quote.id} quote={quote} />}
      {current && (
        <FeeLine
          operation="POST /v1/conversions"
          body={{ quoteId: current.id, fromWalletId: from.id, toWalletId: to.id }}
        />
      )}
      <Button type="submit" size="large" disabled={current === undefined}>
        {t('convert.submit')}
      </Button>
    </form>
  );
}

/** From one currency into another, at a rate that is promised before it is taken. */
export function ConvertPage() {
  const { t } = useTranslation('more');
  const { wallet: initial } = useSearch({ from: '/app/more/convert' });
  const { open } = useMyWallets();
  const form = usePayment('convert');
  const [first, ...rest] = open.filter(({ status }) => status === 'active');
  const several = first !== undefined && rest.some(({ currency }) => currency !== first.currency);
  return (
    <div className="mx-auto max-w-lg">
      <PageHeader title={t('convert.title')} description={t('convert.about')} />
      {form.state.step !== 'form' && <PaymentOutcome state={form.state} form={form} />}
      {form.state.step === 'form' && form.unsettled && (
        <UnsettledNotice attempt={form.unsettled} form={form} />
      )}
      {form.state.step === 'form' && !form.unsettled && (
        <Card className="p-5 sm:p-7">
          {!several ? (
            <EmptyState
              icon={<ArrowLeftRight className="size-6" aria-hidden />}
              title={t('convert.none')}
              text={t('convert.noneText')}
            />
          ) : (
            <ConvertForm
              wallets={[first, ...rest]}
              initial={initial}
              onConvert={(quote, from, to) => {
                const body = { quoteId: quote.id, fromWalletId: from.id, toWalletId: to.id };
                const amount = quote.fromAmount;
                // What comes is in another currency: only what goes is anticipated.
                const payment = { walletId: from.id, amount, kind: 'conversion' as const };
                void form.submit('POST /v1/conversions', { body }, payment);
              }}
            />
          )}
        </Card>
      )}
    </div>
  );
}
