import type { Currency } from '@florin/kernel';
import { useQuery } from '@tanstack/react-query';
import { ArrowLeftRight } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ReportPage } from '../console/report-page.tsx';
import { formatMoment } from '../format/dates.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { DataTable, type Column } from '../ui/data-table.tsx';
import { joinClasses } from '../ui/join-classes.ts';
import { Card, EmptyState } from '../ui/surfaces.tsx';
import { Amount } from '../wallet/amount.tsx';
import { useControlQueries, type Positions } from './control-queries.ts';

type Position = Positions['items'][number];

interface MoneyProps {
  minor: string | null;
  currency: Currency;
  /** Coloured by whether it is a profit. */
  judged?: boolean;
}

const Money = ({ minor, currency, judged }: MoneyProps) =>
  minor === null ? (
    <>–</>
  ) : (
    <Amount
      minor={minor}
      currency={currency}
      {...(judged === true ? { signed: true } : {})}
      className={joinClasses(
        judged === true && minor !== '0' && (minor.startsWith('-') ? 'text-danger' : 'text-ok'),
      )}
    />
  );

function useColumns(base: Currency): Column<Position>[] {
  const { t } = useTranslation('control');
  const { t: app } = useTranslation();
  return useMemo(
    () => [
      {
        id: 'currency',
        header: app('wallet.currency'),
        sortBy: ({ currency }) => currency,
        cell: ({ currency }) => <span className="font-semibold">{currency}</span>,
      },
      {
        id: 'position',
        header: t('positions.position'),
        align: 'right',
        sortBy: ({ position }) => Number(position),
        cell: ({ position, currency }) => <Money minor={position} currency={currency} />,
      },
      {
        id: 'rate',
        header: t('positions.rate'),
        align: 'right',
        wide: true,
        cell: ({ midRate }) => <span className="tabular">{midRate ?? '–'}</span>,
      },
      {
        id: 'value',
        header: t('positions.value'),
        align: 'right',
        wide: true,
        sortBy: ({ value }) => Number(value ?? 0),
        cell: ({ value }) => <Money minor={value} currency={base} />,
      },
      {
        id: 'cost',
        header: t('positions.cost'),
        align: 'right',
        wide: true,
        sortBy: ({ cost }) => Number(cost),
        cell: ({ cost }) => <Money minor={cost} currency={base} />,
      },
      {
        id: 'profit',
        header: t('positions.profit'),
        align: 'right',
        sortBy: ({ unrealisedProfit }) => Number(unrealisedProfit ?? 0),
        cell: ({ unrealisedProfit }) => <Money minor={unrealisedProfit} currency={base} judged />,
      },
      {
        id: 'conversions',
        header: t('positions.conversions'),
        align: 'right',
        wide: true,
        sortBy: ({ conversions }) => conversions,
        cell: ({ conversions }) => conversions,
      },
    ],
    [t, app, base],
  );
}

function Totals({ positions }: { positions: Positions }) {
  const { t } = useTranslation('control');
  const { baseCurrency, spreadEarned, unrealisedProfit } = positions;
  const figures = [
    { name: t('positions.spread'), minor: spreadEarned },
    { name: t('positions.profit'), minor: unrealisedProfit },
  ];
  return (
    <dl className="grid grid-cols-1 divide-line sm:grid-cols-2 sm:divide-x">
      {figures.map(({ name, minor }) => (
        <div key={name} className="grid gap-1 p-5">
          <dt className="text-sm text-muted">{name}</dt>
          <dd className="text-2xl font-bold">
            <Money minor={minor} currency={baseCurrency} judged />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** What conversions have left open in each currency: its cost then, and its value now. */
export function PositionsPage() {
  const { t } = useTranslation('control');
  const { t: app } = useTranslation();
  const locale = useLocale();
  const query = useQuery(useControlQueries().positions());
  const columns = useColumns(query.data?.baseCurrency ?? 'USD');
  return (
    <ReportPage
      title={app('nav.positions')}
      about={t('positions.about')}
      again={t('positions.revalue')}
      query={query}
    >
      {(data) => (
        <div className="grid gap-6">
          <Card>
            <Totals positions={data} />
            <p role="status" className="border-t border-line px-5 py-3 text-sm text-muted">
              {data.publishedAt === null
                ? t('positions.noRates')
                : t('positions.valuedAt', { time: formatMoment(data.publishedAt, locale) })}
            </p>
          </Card>
          <Card className="overflow-hidden">
            {data.items.length === 0 ? (
              <EmptyState
                icon={<ArrowLeftRight className="size-6" aria-hidden />}
                title={t('positions.none')}
                text={t('positions.noneText')}
              />
            ) : (
              <DataTable
                caption={app('nav.positions')}
                columns={columns}
                rows={data.items}
                idOf={({ currency }) => currency}
              />
            )}
          </Card>
        </div>
      )}
    </ReportPage>
  );
}
