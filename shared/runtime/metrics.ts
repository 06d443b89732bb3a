import {
  collectDefaultMetrics,
  Counter,
  Gauge,
  Histogram,
  Registry,
  type CounterConfiguration,
  type GaugeConfiguration,
  type HistogramConfiguration,
  type Metric,
} from 'prom-client';

/** Seconds: from half a millisecond, where a posting starts, to ten seconds, where all give up. */
export const LATENCY_BUCKETS = [
  0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10,
];

type Options<C> = Omit<C, 'registers' | 'aggregator'>;

/**
 * The metrics of one process. Asking twice for the same name gives the same metric, so that modules
 * created several times (a breaker for each bank) share one and differ by their labels.
 */
export interface Metrics {
  readonly registry: Registry;
  counter<L extends string = never>(options: Options<CounterConfiguration<L>>): Counter<L>;
  gauge<L extends string = never>(options: Options<GaugeConfiguration<L>>): Gauge<L>;
  /** Durations are in seconds, and the buckets LATENCY_BUCKETS unless given. */
  histogram<L extends string = never>(options: Options<HistogramConfiguration<L>>): Histogram<L>;
}

/** Creates the registry. Every metric carries the label `service`; Prometheus adds the instance. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  const registers = [registry];
  const once = <M extends Metric>(name: string, create: () => M): M =>
    (registry.getSingleMetric(name) as M | undefined) ?? create();
  return {
    registry,
    counter: (options) => once(options.name, () => new Counter({ ...options, registers })),
    gauge: (options) => once(options.name, () => new Gauge({ ...options, registers })),
    histogram: (options) =>
      once(options.name, () => new Histogram({ buckets: LATENCY_BUCKETS, ...options, registers })),
  };
}

/**
 * Adds CPU, memory, garbage collection and event loop lag of this process. It starts samplers that
 * live as long as the process, hence apart from createMetrics: tests create many registries.
 */
export function collectProcessMetrics(metrics: Metrics): void {
  // 20 ms instead of 10: half the wake-ups of an idle process, still fine enough to see a stall.
  collectDefaultMetrics({ register: metrics.registry, eventLoopMonitoringPrecision: 20 });
}
