import { hurried, hurriedQuery } from '../observability/hurried.ts';

/** What a chart says of a release, as far as its times go. */
export interface ReleaseTimes {
  canary: { steps: { setWeight?: number; pause?: { duration: string } }[] };
  analysis: {
    metrics: { name: string; initialDelay?: string; interval?: string; query: string }[];
  };
}

/** Windows become shorter, and so the number of samples that say something smaller. */
const hurriedAnalysis = (query: string, times: number): string =>
  hurriedQuery(query, times).replace(/> (\d+)(\s*)$/, (_, least: string, end: string) => {
    return `> ${Math.ceil(Number(least) / times)}${end}`;
  });

/**
 * A release that takes a tenth of the time when `times` is ten: pauses, delays, intervals, the
 * windows of the queries and the least number of samples. What is compared to what stays.
 */
export function hurriedRelease({ canary, analysis }: ReleaseTimes, times: number): ReleaseTimes {
  return {
    canary: {
      steps: canary.steps.map((step) =>
        step.pause ? { pause: { duration: hurried(step.pause.duration, times) } } : step,
      ),
    },
    analysis: {
      metrics: analysis.metrics.map(({ query, ...metric }) => ({
        ...metric,
        ...(metric.initialDelay && { initialDelay: hurried(metric.initialDelay, times) }),
        ...(metric.interval && { interval: hurried(metric.interval, times) }),
        query: hurriedAnalysis(query, times),
      })),
    },
  };
}

interface Judged {
  name: string;
  successCondition?: string;
  failureCondition?: string;
}

/**
 * Lets a figure be so many times worse before it ends a release: a machine that is busy with other
 * things stops one process or another for moments, which is no fault of its version.
 */
export function tolerant<M extends Judged>(metric: M, name: string, times: number): M {
  if (metric.name !== name || times === 1) return metric;
  const wider = (condition: string | undefined): string | undefined =>
    condition?.replace(/(<|>=) ([\d.]+)$/, (_, sign: string, limit: string) => {
      return `${sign} ${Number(limit) * times}`;
    });
  return {
    ...metric,
    successCondition: wider(metric.successCondition),
    failureCondition: wider(metric.failureCondition),
  };
}
