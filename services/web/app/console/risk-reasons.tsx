import type { RiskReason } from '@florin/contracts';
import { useTranslation } from 'react-i18next';
import { useLocale } from '../i18n/start-i18n.ts';
import { formatObserved } from './format-observed.ts';
import { formatPercent } from './risk-pills.tsx';

/** The larger of both fills its line, so that the eye compares them. */
function Compared({ reason }: { reason: RiskReason }) {
  const { t } = useTranslation('console');
  const locale = useLocale();
  const { value, usual, unit } = reason;
  if (value === undefined || usual === undefined) return null;
  const largest = Math.max(Math.abs(value), Math.abs(usual)) || 1;
  const lines = [
    { name: t('review.value'), figure: value, color: 'bg-danger' },
    { name: t('review.usual'), figure: usual, color: 'bg-edge' },
  ];
  return (
    <dl className="mt-2 grid gap-1.5">
      {lines.map(({ name, figure, color }) => (
        <div key={name} className="grid grid-cols-[5.5rem_1fr_8rem] items-center gap-3 text-sm">
          <dt className="text-muted">{name}</dt>
          <dd className="col-start-3 tabular text-right font-medium">
            {formatObserved(figure, unit, locale)}
          </dd>
          <span aria-hidden className="col-start-2 row-start-1 h-2 rounded-full bg-sunken">
            <span
              className={`block h-full min-w-0.5 rounded-full ${color}`}
              style={{ width: `${(Math.abs(figure) / largest) * 100}%` }}
            />
          </span>
        </div>
      ))}
    </dl>
  );
}

/** Why a payment stood out: each reason's part as a bar, what was seen next to what is usual. */
export function RiskReasons({ reasons }: { reasons: readonly RiskReason[] }) {
  const locale = useLocale();
  return (
    <ol className="grid gap-5">
      {reasons.map((reason) => (
        <li key={reason.code}>
          <div className="flex items-baseline justify-between gap-4">
            <p className="font-semibold">{reason.text}</p>
            <p className="tabular shrink-0 text-sm font-semibold">
              {formatPercent(reason.share, locale)}
            </p>
          </div>
          <div aria-hidden className="mt-1.5 h-2.5 rounded-full bg-sunken">
            <div
              className="h-full rounded-full bg-brand"
              style={{ width: `${reason.share * 100}%` }}
            />
          </div>
          <Compared reason={reason} />
        </li>
      ))}
    </ol>
  );
}
