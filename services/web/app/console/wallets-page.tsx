import { CURRENCIES, isUuid } from '@florin/kernel';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { WalletCards } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WalletView } from '../api/answers.ts';
import { formatShort } from '../format/dates.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { LoadMore } from '../ui/load-more.tsx';
import { DataTable, type Column } from '../ui/data-table.tsx';
import { TextField } from '../ui/field.tsx';
import { SelectField } from '../ui/select-field.tsx';
import { Card, EmptyState, PageHeader, Pill } from '../ui/surfaces.tsx';
import { Amount } from '../wallet/amount.tsx';
import { ListSkeleton } from '../wallet/transaction-list.tsx';
import { shortId } from '../wallet/transaction-row.tsx';
import { useAdminQueries } from './admin-queries.ts';

const TONES = { active: 'ok', frozen: 'warn', closed: 'neutral' } as const;

function useColumns(): Column<WalletView>[] {
  const { t } = useTranslation('console');
  const { t: app } = useTranslation();
  const locale = useLocale();
  return useMemo(
    () => [
      {
        id: 'name',
        header: app('wallet.name'),
        sortBy: ({ name }) => name.toLowerCase(),
        cell: ({ id, name }) => (
          <Link
            to="/wallets/$walletId"
            params={{ walletId: id }}
            className="font-semibold text-brand underline"
          >
            {name}
          </Link>
        ),
      },
      {
        id: 'owner',
        header: t('wallets.owner'),
        wide: true,
        sortBy: ({ ownerId }) => ownerId,
        cell: ({ ownerId }) => shortId(ownerId),
      },
      {
        id: 'status',
        header: app('activity.status'),
        sortBy: ({ status }) => status,
        cell: ({ status }) => <Pill tone={TONES[status]}>{app(`wallet.status.${status}`)}</Pill>,
      },
      {
        id: 'held',
        header: app('wallet.held'),
        align: 'right',
        wide: true,
        sortBy: ({ balances }) => Number(balances.held),
        cell: ({ balances, currency }) => <Amount minor={balances.held} currency={currency} />,
      },
      {
        id: 'posted',
        header: app('wallet.posted'),
        align: 'right',
        sortBy: ({ balances }) => Number(balances.posted),
        cell: ({ balances, currency }) => (
          <Amount minor={balances.posted} currency={currency} className="font-semibold" />
        ),
      },
      {
        id: 'created',
        header: t('wallets.opened'),
        align: 'right',
        wide: true,
        sortBy: ({ createdAt }) => createdAt,
        cell: ({ createdAt }) => formatShort(createdAt, locale),
      },
    ],
    [t, app, locale],
  );
}

export function WalletsPage() {
  const { t } = useTranslation('console');
  const { t: app } = useTranslation();
  const { owner: given = '' } = useSearch({ from: '/app/console/wallets' });
  const [owner, setOwner] = useState(given);
  const [currency, setCurrency] = useState('');
  const columns = useColumns();
  const ownerId = isUuid(owner.trim()) ? owner.trim() : undefined;
  const query = useInfiniteQuery(
    useAdminQueries().wallets({ ownerId, currency: currency || undefined }),
  );
  const rows = useMemo(() => query.data?.pages.flatMap(({ items }) => items) ?? [], [query.data]);
  const mistaken = owner.trim() !== '' && ownerId === undefined;
  return (
    <>
      <PageHeader title={app('nav.wallets')} description={t('wallets.about')} />
      <div className="mb-4 grid max-w-2xl gap-4 sm:grid-cols-[1fr_12rem]">
        <TextField
          label={t('wallets.ownerId')}
          value={owner}
          onChange={({ target }) => setOwner(target.value)}
          spellCheck={false}
          error={mistaken ? t('wallets.noId') : undefined}
        />
        <SelectField
          label={app('wallet.currency')}
          value={currency}
          onChange={({ target }) => setCurrency(target.value)}
        >
          <option value="">{app('activity.any')}</option>
          {CURRENCIES.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </SelectField>
      </div>
      <Card className="overflow-hidden">
        {query.isPending && <ListSkeleton />}
        {query.data && rows.length === 0 && (
          <EmptyState
            icon={<WalletCards className="size-6" aria-hidden />}
            title={app('activity.none')}
            text={t('wallets.none')}
          />
        )}
        {rows.length > 0 && (
          <DataTable
            caption={app('nav.wallets')}
            columns={columns}
            rows={rows}
            idOf={({ id }) => id}
          />
        )}
        <LoadMore query={query}>{t('more')}</LoadMore>
      </Card>
    </>
  );
}
