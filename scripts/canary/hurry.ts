import { hurried, hurriedQuery } from '../observability/hurried.ts';

/** What a chart says of a release, as far as its times go. */
export interface ReleaseTimes {
  canary: { steps: { setWeight?: number; pause?: { duration: string } }[] };
  analysis: { metrics: { initialDelay?: string; interval?: string; query: string }[] };
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
