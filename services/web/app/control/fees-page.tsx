import type { FeeRule, FeeSchedule } from '@florin/contracts';
import { useInfiniteQuery, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Pencil, Plus, Receipt, Trash2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../api/use-action.ts';
import { useParts } from '../api/parts.ts';
import { formatMoment } from '../format/dates.ts';
import { formatMoney } from '../format/money.ts';
import { formatPercent } from '../format/percent.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { may } from '../session/staff.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/on-demand.tsx';
import { LoadMore } from '../ui/load-more.tsx';
import { Card, EmptyState, PageHeader, Pill } from '../ui/surfaces.tsx';
import { ListSkeleton } from '../wallet/transaction-list.tsx';
import { shortId } from '../wallet/transaction-row.tsx';
import { useControlQueries } from './control-queries.ts';

const FeeRuleDialog = lazy(() => import('./fee-rule-dialog.tsx'));

const keyOf = ({ type, currency }: FeeRule): string => `${type} ${currency}`;

/** What a tier asks for, e.g. "$0.30 + 1.5%". */
function usePriceText(): (rule: FeeRule, tier: FeeRule['tiers'][number]) => string {
  const { t } = useTranslation('control');
  const locale = useLocale();
  return ({ currency }, { flat, basisPoints }) => {
    const parts = [
      flat === '0' ? [] : [formatMoney(flat, currency, locale)],
      basisPoints === 0 ? [] : [formatPercent(basisPoints, locale)],
    ].flat();
    return parts.length === 0 ? t('fees.free') : parts.join(' + ');
  };
}

interface FeeRowProps {
  rule: FeeRule;
  changeable: boolean;
  onChange(): void;
  onRemove(): void;
}

function FeeRow({ rule, changeable, onChange, onRemove }: FeeRowProps) {
  const { t } = useTranslation('control');
  const locale = useLocale();
  const priceText = usePriceText();
  const { type, currency, paidBy, tiers, min, max } = rule;
  const money = (minor: string): string => formatMoney(minor, currency, locale);
  const name = `${t(`fees.of.${type}`)}, ${currency}`;
  return (
    <li className="flex items-start gap-4 px-5 py-4">
      <div className="grid min-w-0 flex-1 gap-1">
        <p className="flex flex-wrap items-center gap-2 font-semibold">
          {name} <Pill>{t(`fees.payer.${paidBy}`)}</Pill>
        </p>
        {tiers.map((tier) => (
          <p key={tier.from} className="tabular text-sm">
            {tier.from !== '0' && (
              <span className="text-muted">{t('fees.above', { amount: money(tier.from) })} </span>
            )}
            {priceText(rule, tier)}
          </p>
        ))}
        {(min !== undefined || max !== undefined) && (
          <p className="text-sm text-muted">
            {[
              min !== undefined && t('fees.atLeast', { amount: money(min) }),
              max !== undefined && t('fees.atMost', { amount: money(max) }),
            ]
              .filter(Boolean)
              .join(', ')}
          </p>
        )}
      </div>
      {changeable && (
        <div className="flex gap-1">
          <IconButton label={t('fees.changeRule', { name })} onClick={onChange}>
            <Pencil className="size-5" aria-hidden />
          </IconButton>
          <IconButton label={t('fees.removeRule', { name })} onClick={onRemove}>
            <Trash2 className="size-5" aria-hidden />
          </IconButton>
        </div>
      )}
    </li>
  );
}

function History() {
  const { t } = useTranslation('control');
  const locale = useLocale();
  const query = useInfiniteQuery(useControlQueries().feeHistory());
  const versions = query.data?.pages.flatMap(({ items }) => items);
  return (
    <Card className="overflow-hidden">
      <h2 className="px-5 pt-4 pb-2 text-lg font-bold">{t('fees.history')}</h2>
      {query.isPending && <ListSkeleton />}
      {versions?.length === 0 && <p className="px-5 pb-5 text-muted">{t('fees.noHistory')}</p>}
      <ul className="divide-y divide-line">
        {versions?.map(({ version, changedAt, changedBy, note, rules }) => (
          <li key={version} className="grid gap-0.5 px-5 py-3 text-sm">
            <p>
              <span className="font-semibold">{t('fees.version', { version })}</span> ·{' '}
              {t('fees.rules', { count: rules.length })}
              {note !== undefined && <> · {note}</>}
            </p>
            <p className="text-muted">
              {formatMoment(changedAt, locale)} · {t('fees.changedBy', { who: shortId(changedBy) })}
            </p>
          </li>
        ))}
      </ul>
      <LoadMore query={query}>{t('more')}</LoadMore>
    </Card>
  );
}

/** Sets all rules at once: who looked at an older version is told so and changes nothing. */
function useSetRules(schedule: FeeSchedule | undefined) {
  const { t } = useTranslation('control');
  const { api } = useParts();
  const { busy, act } = useAction();
  async function setRules(rules: FeeRule[], note: string): Promise<boolean> {
    const body = { basedOn: schedule?.version ?? 0, rules, ...(note === '' ? {} : { note }) };
    const done = await act(() => api.call('PUT /v1/admin/fees', { body }), {
      done: t('fees.done'),
      failed: t('notDone'),
      changes: ['admin'],
    });
    return done !== undefined;
  }
  return { busy, setRules };
}

/** What payments cost: by kind and currency, and every version that it ever had. */
export function FeesPage() {
  const { t } = useTranslation('control');
  const { t: app } = useTranslation();
  const { queries } = useParts();
  const { data: me } = useSuspenseQuery(queries.me());
  const { data: schedule } = useQuery(useControlQueries().fees());
  const { busy, setRules } = useSetRules(schedule);
  const [editing, setEditing] = useState<{ rule: FeeRule | undefined }>();
  const [removing, setRemoving] = useState<FeeRule>();
  const changeable = may(me, 'change-fees');
  const others = (key: string): FeeRule[] =>
    schedule?.rules.filter((one) => keyOf(one) !== key) ?? [];
  async function save(rule: FeeRule, note: string): Promise<void> {
    if (await setRules([...others(keyOf(rule)), rule], note)) setEditing(undefined);
  }
  async function remove(rule: FeeRule): Promise<void> {
    await setRules(others(keyOf(rule)), '');
    setRemoving(undefined);
  }
  return (
    <div className="max-w-3xl">
      <PageHeader
        title={app('nav.fees')}
        description={t('fees.about')}
        actions={
          changeable && (
            <Button
              onClick={() => setEditing({ rule: undefined })}
              icon={<Plus className="size-4.5" aria-hidden />}
            >
              {t('fees.new')}
            </Button>
          )
        }
      />
      <div className="grid gap-6">
        <Card className="overflow-hidden">
          {schedule === undefined && <ListSkeleton />}
          {schedule?.rules.length === 0 && (
            <EmptyState
              icon={<Receipt className="size-6" aria-hidden />}
              title={t('fees.none')}
              text={t('fees.noneText')}
            />
          )}
          <ul className="divide-y divide-line">
            {schedule?.rules.map((rule) => (
              <FeeRow
                key={keyOf(rule)}
                rule={rule}
                changeable={changeable}
                onChange={() => setEditing({ rule })}
                onRemove={() => setRemoving(rule)}
              />
            ))}
          </ul>
        </Card>
        <History />
      </div>
      <Suspense>
        {editing && (
          <FeeRuleDialog
            rule={editing.rule}
            busy={busy}
            onSave={(rule, note) => void save(rule, note)}
            onClose={() => setEditing(undefined)}
          />
        )}
      </Suspense>
      {removing && (
        <ConfirmDialog
          open
          onOpenChange={() => setRemoving(undefined)}
          title={t('fees.ask')}
          description={t('fees.askText')}
          confirm={t('fees.remove')}
          danger
          busy={busy}
          onConfirm={() => void remove(removing)}
        />
      )}
    </div>
  );
}
