import { check, fail } from 'k6';
import exec from 'k6/execution';
import { Counter } from 'k6/metrics';
import type { Options, Scenario } from 'k6/options';
import type { Answer } from './client.ts';
import { populate, reconcile, type Population, type PopulationPlan } from './population.ts';
import { settings } from './settings.ts';

/** How orders ended, for the line of the summary. */
const outcomes = {
  final: new Counter('orders_final'),
  pending: new Counter('orders_pending'),
  refused: new Counter('orders_refused'),
  turnedAway: new Counter('orders_turned_away'),
};

/** What the summary tells of times. */
export const TREND_STATS = ['med', 'p(95)', 'p(99)', 'max'];
/** Setting up and reconciling take what they take. */
export const PATIENCE = { setupTimeout: '5m', teardownTimeout: '10m' };

/** A promise about the platform. The run fails when it is not kept. */
const PROMISES = {
  checks: ['rate>0.999'],
  dropped_iterations: ['count==0'],
};

export interface Promises {
  /** Milliseconds at the 99th percentile of what the scenario is about. */
  p99Ms: number;
  name: string;
  more?: Record<string, string[]>;
}

export function optionsOf(scenario: Scenario, { p99Ms, name, more = {} }: Promises): Options {
  return {
    scenarios: { [settings.scenario]: scenario },
    ...PATIENCE,
    summaryTrendStats: TREND_STATS,
    thresholds: {
      ...PROMISES,
      [`http_req_duration{name:${name}}`]: [`p(99)<${p99Ms}`],
      ...more,
    },
  };
}

export const setupWith = (plan: PopulationPlan) => (): Population => {
  const population = populate(plan);
  // Whoever started this may wait for it.
  console.log('load begins');
  return population;
};

export function teardown(population: Population): void {
  const { ok, lines } = reconcile(population);
  for (const line of lines) console.log(`reconciliation: ${line}`);
  check(ok, { 'the money adds up': (held) => held });
  if (!ok) fail('the money does not add up');
}

export const pick = <T>(list: readonly T[]): T =>
  list[Math.floor(Math.random() * list.length)] as T;

/** Two different ones. */
export function pickPair<T>(list: readonly T[]): [T, T] {
  const from = Math.floor(Math.random() * list.length);
  const step = 1 + Math.floor(Math.random() * (list.length - 1));
  return [list[from] as T, list[(from + step) % list.length] as T];
}

export function count({ status }: Answer): void {
  if (status === 201 || status === 200) outcomes.final.add(1);
  else if (status === 202) outcomes.pending.add(1);
  else if (status === 503) outcomes.turnedAway.add(1);
  else if (status === 422) outcomes.refused.add(1);
}

export const codeOf = (answer: Answer): string =>
  answer.status < 400 ? '' : ((answer.json() as { code?: string } | null)?.code ?? '');

/** An order that must be taken: final or under way. */
export function taken(answer: Answer): boolean {
  count(answer);
  return check(answer, {
    'the order is taken': ({ status }) => status === 201 || status === 202,
  });
}

/** The how-manieth iteration of the whole scenario this is: to take turns. */
export const turn = (): number => exec.scenario.iterationInTest;
