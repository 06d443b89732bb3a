import { useTranslation } from 'react-i18next';
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { formatTime } from '../format/dates.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import type { LiveFeed, Tick } from './live-feed.ts';

const SERIES = [
  { name: 'completed', color: 'var(--brand)' },
  { name: 'held', color: 'var(--gold)' },
  { name: 'failed', color: 'var(--danger)' },
] as const;

function TickTooltip({ tick }: { tick: Tick | undefined }) {
  const { t } = useTranslation('console');
  const locale = useLocale();
  if (tick === undefined) return null;
  return (
    <div className="rounded-control border border-line bg-surface px-3 py-2 text-sm shadow-float">
      <p className="font-semibold">{formatTime(new Date(tick.at), locale)}</p>
      {SERIES.map(({ name }) => (
        <p key={name} className="tabular text-muted">
          {t(`overview.${name}`)}: {tick[name]}
        </p>
      ))}
    </div>
  );
}

/** How much was decided, tick by tick; its figures stand above it as text. */
export default function VolumeChart({ feed }: { feed: LiveFeed }) {
  const locale = useLocale();
  return (
    <div className="h-full" aria-hidden>
      <ResponsiveContainer width="100%" height="100%">
        <BarChart
          data={feed.ticks}
          accessibilityLayer={false}
          barCategoryGap={2}
          margin={{ top: 8, right: 8, left: 0 }}
        >
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="at"
            tickFormatter={(at: number) => formatTime(new Date(at), locale)}
            tick={{ fontSize: 12, fill: 'var(--muted)' }}
            tickLine={false}
            axisLine={false}
            minTickGap={72}
          />
          <YAxis
            width={36}
            allowDecimals={false}
            tick={{ fontSize: 12, fill: 'var(--muted)' }}
            tickLine={false}
            axisLine={false}
          />
          <Tooltip
            isAnimationActive={false}
            cursor={{ fill: 'var(--sunken)' }}
            content={({ payload }) => (
              <TickTooltip tick={payload?.[0]?.payload as Tick | undefined} />
            )}
          />
          {SERIES.map(({ name, color }) => (
            <Bar key={name} dataKey={name} stackId="all" fill={color} isAnimationActive={false} />
          ))}
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
}
