import type { Reward } from '@florin/contracts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Copy, Gift } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../api/use-action.ts';
import { useParts } from '../api/parts.ts';
import { formatShort } from '../format/dates.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { LoadMore } from '../ui/load-more.tsx';
import { Card, EmptyState, PageHeader, Pill, Skeleton } from '../ui/surfaces.tsx';
import { showToast } from '../ui/toast-store.ts';
import { Amount } from '../wallet/amount.tsx';
import { ListSkeleton } from '../wallet/transaction-list.tsx';
import { REWARD_ICONS, useTermsText } from './reward-terms.ts';

const TONES = {
  pending: 'warn',
  paid: 'ok',
  'taken-back': 'neutral',
  failed: 'danger',
  declined: 'neutral',
} as const;

function Offers() {
  const { t } = useTranslation('more');
  const locale = useLocale();
  const { queries } = useParts();
  const { data: offers } = useQuery(queries.rewardOffers());
  const termsText = useTermsText();
  if (offers === undefined) return <Skeleton className="h-32 rounded-card" />;
  if (offers.length === 0) return <p className="text-muted">{t('rewards.noOffers')}</p>;
  return (
    <ul className="grid gap-4 sm:grid-cols-2">
      {offers.map(({ id, name, currency, terms, validUntil, streak }) => {
        const Icon = REWARD_ICONS[terms.kind];
        return (
          <li key={id}>
            <Card className="flex h-full gap-4 p-5">
              <span
                className={'grid size-11 shrink-0 place-items-center rounded-full bg-brand-soft'}
              >
                <Icon className="size-5 text-brand" aria-hidden />
              </span>
              <div className="grid content-start gap-1">
                <h3 className="font-bold">{name}</h3>
                <p className="text-sm">{termsText(terms, currency)}</p>
                {streak && (
                  <p className="text-sm font-semibold text-brand">
                    {t('rewards.streak', { count: streak.days, points: streak.points })}
                  </p>
                )}
                <p className="text-sm text-muted">
                  {t('rewards.until', { time: formatShort(validUntil, locale) })}
                </p>
              </div>
            </Card>
          </li>
        );
      })}
    </ul>
  );
}

function Referral() {
  const { t } = useTranslation('more');
  const { api, queries } = useParts();
  const { data } = useQuery(queries.referral());
  const { busy, act } = useAction();
  const [code, setCode] = useState('');
  if (data === undefined) return <Skeleton className="h-40 rounded-card" />;
  const copy = (): void =>
    void navigator.clipboard
      .writeText(data.code)
      .then(() => showToast({ tone: 'ok', title: t('rewards.copied') }));
  function claim(event: FormEvent): void {
    event.preventDefault();
    const body = { code: code.trim() };
    void act(() => api.call('POST /v1/rewards/referral', { body }), {
      done: t('rewards.claimed'),
      failed: t('rewards.notClaimed'),
      changes: ['referral'],
    });
  }
  return (
    <Card className="grid gap-4 p-5">
      <div>
        <h2 className="text-lg font-bold">{t('rewards.invite')}</h2>
        <p className="text-sm text-muted">
          {t('rewards.inviteText', { count: data.referredCount })}
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-3">
        <code className="rounded-control bg-sunken px-4 py-3 font-mono text-lg font-bold">
          {data.code}
        </code>
        <Button look="secondary" onClick={copy} icon={<Copy className="size-4.5" aria-hidden />}>
          {t('rewards.copy')}
        </Button>
      </div>
      {!data.wasReferred && (
        <form onSubmit={claim} className="grid items-end gap-3 sm:grid-cols-[1fr_auto]">
          <TextField
            label={t('rewards.code')}
            placeholder={t('rewards.codeHint')}
            value={code}
            onChange={({ target }) => setCode(target.value)}
            autoComplete="off"
            spellCheck={false}
            required
          />
          <Button type="submit" look="secondary" busy={busy} className="min-h-12">
            {t('rewards.claim')}
          </Button>
        </form>
      )}
    </Card>
  );
}

function RewardRow({ reward }: { reward: Reward }) {
  const { t } = useTranslation('more');
  const locale = useLocale();
  const { kind, ruleName, status, amount, currency, createdAt, rewardedTransactionId } = reward;
  const Icon = REWARD_ICONS[kind];
  return (
    <Link
      to="/transactions/$transactionId"
      params={{ transactionId: rewardedTransactionId }}
      className="flex min-h-16 items-center gap-4 px-5 py-3 transition-colors hover:bg-sunken"
    >
      <span className="grid size-10 shrink-0 place-items-center rounded-full bg-sunken">
        <Icon className="size-5" aria-hidden />
      </span>
      <span className="min-w-0 flex-1">
        <span className="block font-semibold">{ruleName}</span>
        <span className="block text-sm text-muted">{formatShort(createdAt, locale)}</span>
      </span>
      <Amount minor={amount} currency={currency} signed className="font-semibold" />
      <Pill tone={TONES[status]}>{t(`rewards.status.${status}`)}</Pill>
    </Link>
  );
}

function History() {
  const { t } = useTranslation('more');
  const { queries } = useParts();
  const query = useInfiniteQuery(queries.rewards());
  const rewards = query.data?.pages.flatMap(({ items }) => items);
  return (
    <Card className="overflow-hidden">
      <h2 className="px-5 pt-4 pb-1 text-lg font-bold">{t('rewards.history')}</h2>
      {rewards === undefined && <ListSkeleton />}
      {rewards?.length === 0 && (
        <EmptyState
          icon={<Gift className="size-6" aria-hidden />}
          title={t('rewards.none')}
          text={t('rewards.noneText')}
        />
      )}
      <ul className="divide-y divide-line">
        {rewards?.map((reward) => (
          <li key={reward.id}>
            <RewardRow reward={reward} />
          </li>
        ))}
      </ul>
      <LoadMore query={query}>{t('rewards.more')}</LoadMore>
    </Card>
  );
}

/** What there is to earn, and what was earned. */
export function RewardsPage() {
  const { t } = useTranslation('more');
  return (
    <div className="mx-auto max-w-3xl">
      <PageHeader title={t('rewards.title')} description={t('rewards.about')} />
      <div className="grid gap-6">
        <section className="grid gap-3">
          <h2 className="text-lg font-bold">{t('rewards.offers')}</h2>
          <Offers />
        </section>
        <Referral />
        <History />
      </div>
    </div>
  );
}
