import type { BankReconciliation } from '@florin/contracts';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useAdminQueries } from '../console/admin-queries.ts';
import { DataTable, type Column } from '../ui/data-table.tsx';
import { joinClasses } from '../ui/join-classes.ts';
import { Card } from '../ui/surfaces.tsx';
import { Amount } from '../wallet/amount.tsx';
import { ListSkeleton } from '../wallet/transaction-list.tsx';

function useColumns(): Column<BankReconciliation>[] {
  const { t } = useTranslation('control');
  return useMemo(
    () => [
      {
        id: 'bank',
        header: t('breaks.bank'),
        sortBy: ({ bank }) => bank,
        cell: ({ bank, currency }) => (
          <span className="font-semibold">
            {bank} <span className="font-normal text-muted">{currency}</span>
          </span>
        ),
      },
      {
        id: 'there',
        header: t('breaks.atBank'),
        align: 'right',
        cell: ({ bankBalance, currency }) => <Amount minor={bankBalance} currency={currency} />,
      },
      {
        id: 'here',
        header: t('breaks.inBooks'),
        align: 'right',
        wide: true,
        cell: ({ bookBalance, currency }) => <Amount minor={bookBalance} currency={currency} />,
      },
      {
        id: 'unexplained',
        header: t('breaks.unexplained'),
        align: 'right',
        cell: ({ unexplained, currency }) => (
          <Amount
            minor={unexplained}
            currency={currency}
            className={joinClasses('font-semibold', unexplained !== '0' && 'text-danger')}
          />
        ),
      },
    ],
    [t],
  );
}

/** Our accounts at banks, beside their statements. */
export default function BankAccounts() {
  const { t } = useTranslation('control');
  const { data } = useQuery(useAdminQueries().reconciliation());
  const columns = useColumns();
  const accounts = data?.banks ?? [];
  return (
    <Card className="overflow-hidden">
      <h2 className="px-5 pt-4 pb-2 text-lg font-bold">{t('breaks.accounts')}</h2>
      {data === undefined && <ListSkeleton />}
      {data !== undefined && accounts.length === 0 && (
        <p className="px-5 pb-5 text-muted">{t('breaks.noAccounts')}</p>
      )}
      {accounts.length > 0 && (
        <DataTable
          caption={t('breaks.accounts')}
          columns={columns}
          rows={accounts}
          idOf={({ bank, currency }) => `${bank} ${currency}`}
        />
      )}
    </Card>
  );
}
