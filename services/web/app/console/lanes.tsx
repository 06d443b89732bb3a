import type { LaneView } from '@florin/contracts';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useLocale } from '../i18n/start-i18n.ts';
import { joinClasses } from '../ui/join-classes.ts';
import { Card, Skeleton } from '../ui/surfaces.tsx';
import { useAdminQueries } from './admin-queries.ts';

/** Orders are decided within milliseconds: from here on somebody notices. */
const LATE_SECONDS = 2;

type Standing = 'fine' | 'late' | 'halted' | 'unowned';

function standingOf({ haltedReason, owner, lagSeconds }: LaneView): Standing {
  if (haltedReason !== undefined) return 'halted';
  if (owner === null) return 'unowned';
  return (lagSeconds ?? 0) > LATE_SECONDS ? 'late' : 'fine';
}

const LOOKS: Record<Standing, string> = {
  fine: 'bg-ok-soft text-ok',
  late: 'bg-warn-soft text-warn',
  halted: 'bg-danger-soft text-danger',
  unowned: 'bg-danger-soft text-danger',
};

function Lane({ lane }: { lane: LaneView }) {
  const { t } = useTranslation('console');
  const locale = useLocale();
  const { partition, lagSeconds, untold, owner, haltedReason } = lane;
  const standing = standingOf(lane);
  const lag =
    lagSeconds === null
      ? '–'
      : new Intl.NumberFormat(locale, {
          style: 'unit',
          unit: 'second',
          unitDisplay: 'narrow',
          maximumFractionDigits: 1,
        }).format(lagSeconds);
  return (
    <li
      title={[haltedReason ?? owner, t('lanes.untold', { count: untold })]
        .filter(Boolean)
        .join(', ')}
      className={joinClasses('grid gap-0.5 rounded-control px-3 py-2 text-sm', LOOKS[standing])}
    >
      <span className="font-bold">{t('lanes.name', { partition })}</span>
      <span className="tabular">
        {standing === 'fine' || standing === 'late' ? lag : t(`lanes.standing.${standing}`)}
      </span>
    </li>
  );
}

/** How far each ordered partition is behind what was asked of it. */
export function Lanes() {
  const { t } = useTranslation('console');
  const { data: lanes } = useQuery(useAdminQueries().lanes());
  const worst = lanes?.filter((lane) => standingOf(lane) !== 'fine') ?? [];
  return (
    <Card className="grid gap-4 p-5">
      <div>
        <h2 className="text-lg font-bold">{t('lanes.title')}</h2>
        <p role="status" className="text-sm text-muted">
          {worst.length === 0 ? t('lanes.fine') : t('lanes.behind', { count: worst.length })}
        </p>
      </div>
      {lanes === undefined && <Skeleton className="h-28 w-full" />}
      <ul className="grid grid-cols-3 gap-2 sm:grid-cols-4 xl:grid-cols-8">
        {lanes?.map((lane) => (
          <Lane key={lane.partition} lane={lane} />
        ))}
      </ul>
    </Card>
  );
}
