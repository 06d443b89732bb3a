import type { RewardRule } from '@florin/contracts';
import { useInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query';
import { CircleStop, Gift, Pause, Play, Plus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../api/use-action.ts';
import { useParts } from '../api/parts.ts';
import { formatShort } from '../format/dates.ts';
import { formatMoney } from '../format/money.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { REWARD_ICONS, useTermsText } from '../more/reward-terms.ts';
import { may } from '../session/staff.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/on-demand.tsx';
import { joinClasses } from '../ui/join-classes.ts';
import { LoadMore } from '../ui/load-more.tsx';
import { Card, EmptyState, PageHeader, Pill, Skeleton } from '../ui/surfaces.tsx';
import { ListSkeleton } from '../wallet/transaction-list.tsx';
import { useControlQueries } from './control-queries.ts';

const RewardFunds = lazy(() => import('./reward-funds.tsx'));
const RewardRuleDialog = lazy(() => import('./reward-rule-dialog.tsx'));

type Standing = 'active' | 'paused' | 'ended';
const TONES = { active: 'ok', paused: 'warn', ended: 'neutral' } as const;

const standingOf = ({ status, validUntil }: RewardRule, nowMs: number): Standing =>
  Date.parse(validUntil) <= nowMs ? 'ended' : status;

/** From 0 to 1. */
const shareSpent = ({ committed, budget }: RewardRule): number =>
  Math.min(1, Number(committed) / Math.max(1, Number(budget)));

interface RuleRowProps {
  rule: RewardRule;
  changeable: boolean;
  onEnd(): void;
}

function RuleRow({ rule, changeable, onEnd }: RuleRowProps) {
  const { t } = useTranslation('control');
  const locale = useLocale();
  const { api } = useParts();
  const { busy, act } = useAction();
  const termsText = useTermsText();
  const { id, name, currency, terms, status, committed, budget, validUntil } = rule;
  const standing = standingOf(rule, Date.now());
  const Icon = REWARD_ICONS[terms.kind];
  const next = status === 'active' ? 'paused' : 'active';
  const change = (): void =>
    void act(
      () => api.call('PATCH /v1/admin/reward-rules/{id}', { path: { id }, body: { status: next } }),
      { failed: t('notDone'), changes: ['admin', 'reward-offers'] },
    );
  return (
    <li className="flex items-start gap-4 px-5 py-4">
      <span
        className={joinClasses(
          'hidden size-10 shrink-0 place-items-center rounded-full bg-brand-soft sm:grid',
        )}
      >
        <Icon className="size-5 text-brand" aria-hidden />
      </span>
      <div className="grid min-w-0 flex-1 gap-1">
        <p className="flex flex-wrap items-center gap-2 font-semibold wrap-anywhere">
          {name} <Pill tone={TONES[standing]}>{t(`rules.standing.${standing}`)}</Pill>
        </p>
        <p className="text-sm">{termsText(terms, currency)}</p>
        <progress
          aria-label={t('rules.spentOf', { name })}
          value={shareSpent(rule)}
          className="h-2 w-full max-w-80"
        />
        <p className="text-sm text-muted">
          {t('rules.spent', {
            spent: formatMoney(committed, currency, locale),
            budget: formatMoney(budget, currency, locale),
          })}{' '}
          · {t('rules.validUntil', { time: formatShort(validUntil, locale) })}
        </p>
      </div>
      {changeable && standing !== 'ended' && (
        <div className="flex gap-1">
          <IconButton label={t(`rules.to.${next}`, { name })} aria-busy={busy} onClick={change}>
            {next === 'paused' ? (
              <Pause className="size-5" aria-hidden />
            ) : (
              <Play className="size-5" aria-hidden />
            )}
          </IconButton>
          <IconButton label={t('rules.end', { name })} onClick={onEnd}>
            <CircleStop className="size-5" aria-hidden />
          </IconButton>
        </div>
      )}
    </li>
  );
}

function EndDialog({ rule, onClose }: { rule: RewardRule; onClose(): void }) {
  const { t } = useTranslation('control');
  const { api } = useParts();
  const { busy, act } = useAction();
  async function end(): Promise<void> {
    const body = { validUntil: new Date().toISOString() };
    const path = { id: rule.id };
    await act(() => api.call('PATCH /v1/admin/reward-rules/{id}', { path, body }), {
      done: t('rules.ended'),
      failed: t('notDone'),
      changes: ['admin', 'reward-offers'],
    });
    onClose();
  }
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t('rules.askEnd', { name: rule.name })}
      description={t('rules.askEndText')}
      confirm={t('rules.endIt')}
      danger
      busy={busy}
      onConfirm={() => void end()}
    />
  );
}

/** What people are rewarded for, what that has cost, and what it is paid from. */
export function RewardRulesPage() {
  const { t } = useTranslation('control');
  const { t: app } = useTranslation();
  const { queries } = useParts();
  const { data: me } = useSuspenseQuery(queries.me());
  const [making, setMaking] = useState(false);
  const [ending, setEnding] = useState<RewardRule>();
  const query = useInfiniteQuery(useControlQueries().rewardRules());
  const rules = query.data?.pages.flatMap(({ items }) => items);
  const changeable = may(me, 'change-rewards');
  return (
    <div className="max-w-3xl">
      <PageHeader
        title={app('nav.rewardRules')}
        description={t('rules.about')}
        actions={
          changeable && (
            <Button
              onClick={() => setMaking(true)}
              icon={<Plus className="size-4.5" aria-hidden />}
            >
              {t('rules.new')}
            </Button>
          )
        }
      />
      <div className="grid gap-6">
        <Suspense fallback={<Skeleton className="h-28 rounded-card" />}>
          <RewardFunds changeable={changeable} />
        </Suspense>
        <Card className="overflow-hidden">
          {query.isPending && <ListSkeleton />}
          {rules?.length === 0 && (
            <EmptyState
              icon={<Gift className="size-6" aria-hidden />}
              title={t('rules.none')}
              text={t('rules.noneText')}
            />
          )}
          <ul className="divide-y divide-line">
            {rules?.map((rule) => (
              <RuleRow
                key={rule.id}
                rule={rule}
                changeable={changeable}
                onEnd={() => setEnding(rule)}
              />
            ))}
          </ul>
          <LoadMore query={query}>{t('more')}</LoadMore>
        </Card>
      </div>
      <Suspense>{making && <RewardRuleDialog onClose={() => setMaking(false)} />}</Suspense>
      {ending && <EndDialog rule={ending} onClose={() => setEnding(undefined)} />}
    </div>
  );
}
