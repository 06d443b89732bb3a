import { useTranslation } from 'react-i18next';
import {
  Bar,
  BarChart,
  CartesianGrid,
  Line,
  LineChart,
  ResponsiveContainer,
  XAxis,
  YAxis,
} from 'recharts';
import { useLocale } from '../i18n/start-i18n.ts';
import { formatPercent } from './risk-pills.tsx';
import { BINS, type CurvePoint } from './score-statistics.ts';

const TICK = { fontSize: 12, fill: 'var(--muted)' };
const MARGIN = { top: 8, right: 8, left: 0 };

interface ScoreBarsProps {
  /** Parts of all, by tenths of the score. */
  shares: number[];
  /** The same of another model, drawn beside it. */
  beside: number[] | undefined;
}

/** How scores are spread; the figures beside it say the same. */
export function ScoreBars({ shares, beside }: ScoreBarsProps) {
  const locale = useLocale();
  const percent = (share: number): string => formatPercent(share, locale);
  const data = shares.map((share, bin) => ({
    from: bin / BINS,
    share,
    beside: beside?.[bin] ?? 0,
  }));
  return (
    <div className="h-48" aria-hidden>
      <ResponsiveContainer width="100%" height="100%">
        <BarChart data={data} accessibilityLayer={false} barCategoryGap={4} margin={MARGIN}>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="from"
            tickFormatter={percent}
            tick={TICK}
            tickLine={false}
            axisLine={false}
          />
          <YAxis width={48} tickFormatter={percent} tick={TICK} tickLine={false} axisLine={false} />
          <Bar dataKey="share" fill="var(--brand)" isAnimationActive={false} />
          {beside && <Bar dataKey="beside" fill="var(--gold)" isAnimationActive={false} />}
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
}

/** Precision over recall. */
export function PrecisionRecallCurve({ points }: { points: CurvePoint[] }) {
  const { t } = useTranslation('console');
  const locale = useLocale();
  const percent = (share: number): string => formatPercent(share, locale);
  const axis = { domain: [0, 1], tickFormatter: percent, tick: TICK, tickLine: false };
  return (
    <div className="h-56" aria-hidden>
      <ResponsiveContainer width="100%" height="100%">
        <LineChart data={points} accessibilityLayer={false} margin={{ ...MARGIN, bottom: 20 }}>
          <CartesianGrid stroke="var(--line)" />
          <XAxis
            {...axis}
            type="number"
            dataKey="recall"
            axisLine={false}
            label={{ value: t('model.recall'), position: 'bottom', fill: 'var(--muted)' }}
          />
          <YAxis {...axis} type="number" width={56} axisLine={false} />
          <Line
            dataKey="precision"
            type="stepBefore"
            stroke="var(--brand)"
            strokeWidth={2.5}
            dot={false}
            isAnimationActive={false}
          />
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
}
