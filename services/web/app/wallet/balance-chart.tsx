import { exponentOf, type Currency } from '@florin/kernel';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import {
  Area,
  AreaChart,
  CartesianGrid,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import type { EntryView } from '../api/answers.ts';
import { formatShort } from '../format/dates.ts';
import { formatMoney } from '../format/money.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { Card } from '../ui/surfaces.tsx';

interface BalanceChartProps {
  /** Newest first, as the API lists them. */
  entries: EntryView[];
  currency: Currency;
}

interface Point {
  time: string;
  minor: string;
  /** For the height of the line only: what is read is written from the digits. */
  value: number;
}

function BalanceTooltip({ point, currency }: { point: Point | undefined; currency: Currency }) {
  const locale = useLocale();
  if (point === undefined) return null;
  return (
    <div className="rounded-control border border-line bg-surface px-3 py-2 shadow-float">
      <p className="tabular font-semibold">{formatMoney(point.minor, currency, locale)}</p>
      <p className="text-xs text-muted">{formatShort(point.time, locale)}</p>
    </div>
  );
}

/** How a wallet's balance came to be what it is, entry by entry. */
export default function BalanceChart({ entries, currency }: BalanceChartProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const points = useMemo(
    () =>
      entries
        .map(({ createdAt, balanceAfter }) => ({
          time: createdAt,
          minor: balanceAfter,
          value: Number(balanceAfter) / 10 ** exponentOf(currency),
        }))
        .toReversed(),
    [entries, currency],
  );
  const first = points[0];
  const last = points.at(-1);
  const short = new Intl.NumberFormat(locale, { notation: 'compact' });
  return (
    <Card className="p-5">
      <h2 className="text-lg font-bold">{t('chart.title')}</h2>
      {first && last && (
        <p className="sr-only">
          {t('chart.said', {
            from: formatMoney(first.minor, currency, locale),
            to: formatMoney(last.minor, currency, locale),
            count: points.length,
          })}
        </p>
      )}
      <div className="mt-3 h-48" aria-hidden>
        <ResponsiveContainer width="100%" height="100%">
          <AreaChart
            data={points}
            accessibilityLayer={false}
            margin={{ top: 6, right: 4, left: 0 }}
          >
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis
              dataKey="time"
              tickFormatter={(time: string) => formatShort(time, locale)}
              stroke="var(--muted)"
              tick={{ fontSize: 12, fill: 'var(--muted)' }}
              tickLine={false}
              axisLine={false}
              minTickGap={64}
            />
            <YAxis
              width={52}
              tickFormatter={(value: number) => short.format(value)}
              tick={{ fontSize: 12, fill: 'var(--muted)' }}
              tickLine={false}
              axisLine={false}
            />
            <Tooltip
              isAnimationActive={false}
              content={({ payload }) => (
                <BalanceTooltip
                  point={payload?.[0]?.payload as Point | undefined}
                  currency={currency}
                />
              )}
            />
            <Area
              type="stepAfter"
              dataKey="value"
              stroke="var(--brand)"
              strokeWidth={2.5}
              fill="var(--brand-soft)"
              isAnimationActive={false}
            />
          </AreaChart>
        </ResponsiveContainer>
      </div>
    </Card>
  );
}
