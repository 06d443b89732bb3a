import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocale } from '../i18n/start-i18n.ts';
import { Card, Notice, PageHeader, Pill, Skeleton } from '../ui/surfaces.tsx';
import { useAdminQueries, type DecisionSummary, type ModelView } from './admin-queries.ts';
import { formatPercent } from './risk-pills.tsx';
import {
  agreementsOf,
  precisionRecall,
  sharesOf,
  stabilityIndex,
  type Agreement,
  type Scored,
} from './score-statistics.ts';

const ScoreBars = lazy(async () => ({ default: (await import('./score-chart.tsx')).ScoreBars }));
const PrecisionRecallCurve = lazy(async () => ({
  default: (await import('./score-chart.tsx')).PrecisionRecallCurve,
}));

/** Of fewer no index says anything. */
const DRIFT_FROM = 40;
const [MOVED, ELSEWHERE] = [0.1, 0.25];

const isScored = ({ risk }: DecisionSummary): boolean => risk.score !== null;

const toScored = ({ risk, challengers, label }: DecisionSummary): Scored => ({
  score: risk.score ?? 0,
  decision: risk.decision,
  others: challengers,
  ...(label === undefined ? {} : { fraud: label.label === 'fraud' }),
});

/** "averagePrecision" → "average precision" */
const wordsOf = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function Model({ model }: { model: ModelView }) {
  const { t } = useTranslation('console');
  const locale = useLocale();
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 4 });
  return (
    <li className="grid gap-3 p-5">
      <div className="flex flex-wrap items-center gap-3">
        <p className="font-semibold wrap-anywhere">{model.modelVersion}</p>
        <Pill tone={model.role === 'champion' ? 'brand' : 'neutral'}>
          {t(`models.${model.role}`)}
        </Pill>
      </div>
      <dl className="grid gap-x-8 gap-y-1 text-sm sm:grid-cols-2">
        <div className="flex justify-between gap-4">
          <dt className="text-muted">{t('models.reviewFrom')}</dt>
          <dd className="tabular font-medium">{formatPercent(model.reviewFrom, locale)}</dd>
        </div>
        <div className="flex justify-between gap-4">
          <dt className="text-muted">{t('models.blockFrom')}</dt>
          <dd className="tabular font-medium">{formatPercent(model.blockFrom, locale)}</dd>
        </div>
        {Object.entries(model.metrics).map(([name, value]) => (
          <div key={name} className="flex justify-between gap-4">
            <dt className="text-muted">{wordsOf(name)}</dt>
            <dd className="tabular font-medium">{number.format(value)}</dd>
          </div>
        ))}
      </dl>
    </li>
  );
}

function Versions() {
  const { t } = useTranslation('console');
  const { data, isPending } = useQuery(useAdminQueries().models());
  if (isPending) return <Skeleton className="h-48 rounded-card" />;
  return (
    <Card>
      <h2 className="px-5 pt-5 text-lg font-bold">{t('model.versions')}</h2>
      {data === undefined ? (
        <p className="px-5 pt-2 pb-5 text-muted">{t('models.silent')}</p>
      ) : (
        <ul className="divide-y divide-line">
          {data.models.map((model) => (
            <Model key={model.modelVersion} model={model} />
          ))}
        </ul>
      )}
    </Card>
  );
}

interface FactProps {
  name: string;
  value: string;
}

const Fact = ({ name, value }: FactProps) => (
  <div className="grid gap-0.5">
    <dt className="text-sm text-muted">{name}</dt>
    <dd className="tabular text-xl font-bold">{value}</dd>
  </div>
);

function Drift({ scored }: { scored: Scored[] }) {
  const { t } = useTranslation('console');
  const locale = useLocale();
  if (scored.length < DRIFT_FROM) {
    return <p className="text-sm text-muted">{t('model.fewForDrift', { count: DRIFT_FROM })}</p>;
  }
  const scores = scored.map(({ score }) => score);
  // Newest first: the later half is held against the earlier one.
  const half = Math.floor(scores.length / 2);
  const index = stabilityIndex(scores.slice(half), scores.slice(0, half));
  const verdict = index < MOVED ? 'calm' : index < ELSEWHERE ? 'moved' : 'elsewhere';
  const tone = { calm: 'ok', moved: 'warn', elsewhere: 'danger' } as const;
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 });
  return (
    <Notice tone={tone[verdict]} title={t(`model.drift.${verdict}`)}>
      {t('model.driftText', { index: number.format(index), count: half })}
    </Notice>
  );
}

function Lately({ scored, beside }: { scored: Scored[]; beside: Agreement | undefined }) {
  const { t } = useTranslation('console');
  const locale = useLocale();
  const number = new Intl.NumberFormat(locale);
  const partOf = (decision: Scored['decision']): string =>
    formatPercent(
      scored.filter((one) => one.decision === decision).length / Math.max(1, scored.length),
      locale,
    );
  return (
    <Card className="grid gap-5 p-5">
      <h2 className="text-lg font-bold">{t('model.lately')}</h2>
      <dl className="grid grid-cols-2 gap-4 sm:grid-cols-4">
        <Fact name={t('model.scored')} value={number.format(scored.length)} />
        <Fact name={t('model.approved')} value={partOf('approve')} />
        <Fact name={t('model.reviewed')} value={partOf('review')} />
        <Fact name={t('model.blocked')} value={partOf('block')} />
      </dl>
      <div>
        <h3 className="mb-1 text-sm font-semibold">{t('model.scores')}</h3>
        {beside && (
          <p className="text-sm text-muted">{t('model.legend', { model: beside.modelVersion })}</p>
        )}
        <Suspense fallback={<Skeleton className="h-48" />}>
          <ScoreBars
            shares={sharesOf(scored.map(({ score }) => score))}
            beside={beside && sharesOf(beside.scores)}
          />
        </Suspense>
      </div>
      <Drift scored={scored} />
    </Card>
  );
}

function Comparison({ agreements }: { agreements: Agreement[] }) {
  const { t } = useTranslation('console');
  const locale = useLocale();
  return (
    <Card className="grid gap-4 p-5">
      <header>
        <h2 className="text-lg font-bold">{t('model.comparison')}</h2>
        <p className="text-sm text-muted">{t('model.comparisonText')}</p>
      </header>
      {agreements.length === 0 && <p className="text-sm text-muted">{t('model.noChallenger')}</p>}
      {agreements.map(({ modelVersion, count, alike, stricter, milder }) => (
        <div key={modelVersion} className="grid gap-3">
          <p className="font-semibold wrap-anywhere">{modelVersion}</p>
          <dl className="grid grid-cols-2 gap-4 sm:grid-cols-4">
            <Fact name={t('model.compared')} value={new Intl.NumberFormat(locale).format(count)} />
            <Fact name={t('model.alike')} value={formatPercent(alike, locale)} />
            <Fact name={t('model.stricter')} value={formatPercent(stricter, locale)} />
            <Fact name={t('model.milder')} value={formatPercent(milder, locale)} />
          </dl>
        </div>
      ))}
    </Card>
  );
}

/** Less than this draws a line through chance. */
const JUDGED_FROM = 10;

function Truth({ scored }: { scored: Scored[] }) {
  const { t } = useTranslation('console');
  const judged = scored.flatMap(({ score, fraud }) =>
    fraud === undefined ? [] : [{ score, fraud }],
  );
  const points = judged.length < JUDGED_FROM ? [] : precisionRecall(judged);
  return (
    <Card className="grid gap-4 p-5">
      <header>
        <h2 className="text-lg font-bold">{t('model.truth')}</h2>
        <p className="text-sm text-muted">{t('model.truthText', { count: judged.length })}</p>
      </header>
      {points.length === 0 ? (
        <p className="text-sm text-muted">{t('model.fewJudged', { count: JUDGED_FROM })}</p>
      ) : (
        <Suspense fallback={<Skeleton className="h-56" />}>
          <PrecisionRecallCurve points={points} />
        </Suspense>
      )}
    </Card>
  );
}

/** What decides about payments, how it does lately, and what would decide otherwise. */
export function ModelPage() {
  const { t } = useTranslation('console');
  const { t: app } = useTranslation();
  const { data: decisions, isError } = useQuery(useAdminQueries().recentDecisions());
  const scored = useMemo(() => decisions?.filter(isScored).map(toScored) ?? [], [decisions]);
  const agreements = useMemo(() => agreementsOf(scored), [scored]);
  return (
    <div className="max-w-4xl">
      <PageHeader title={app('nav.model')} description={t('model.about')} />
      <div className="grid gap-6">
        <Versions />
        {isError && <Notice tone="warn">{t('models.silent')}</Notice>}
        {decisions === undefined && !isError && <Skeleton className="h-96 rounded-card" />}
        {decisions !== undefined && (
          <>
            <Lately scored={scored} beside={agreements[0]} />
            <Comparison agreements={agreements} />
            <Truth scored={scored} />
          </>
        )}
      </div>
    </div>
  );
}
