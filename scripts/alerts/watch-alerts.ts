import { eventually } from '@florin/testing';
import type { Prometheus } from '../observability/prometheus.ts';

/** From when to when an alert fired, in milliseconds since the watch began. */
export interface Firing {
  firedAtMs: number;
  /** Undefined while it fires. */
  clearedAtMs?: number;
}

export interface AlertWatch {
  nowMs(): number;
  /** The last time that an alert fired, if it began after that moment. */
  since(alert: string, fromMs: number): Firing | undefined;
  /** Alerts that fire at the moment. */
  firing(): string[];
  stop(): void;
}

interface Reply {
  data: { alerts: { labels: { alertname: string }; state: string }[] };
}

const LOOK_EVERY_MS = 500;

/** Notes which alerts fire at a moment, and which do no more. */
export function noteFiring(
  courses: Map<string, Firing[]>,
  now: ReadonlySet<string>,
  atMs: number,
): void {
  for (const alert of now) {
    const course = courses.get(alert) ?? [];
    const last = course.at(-1);
    if (last === undefined || last.clearedAtMs !== undefined) course.push({ firedAtMs: atMs });
    courses.set(alert, course);
  }
  for (const [alert, course] of courses) {
    const last = course.at(-1);
    if (last !== undefined && !now.has(alert)) last.clearedAtMs ??= atMs;
  }
}

/** Follows the alerts of a Prometheus. */
export function watchAlerts({ url }: Prometheus): AlertWatch {
  const startedMs = performance.now();
  const courses = new Map<string, Firing[]>();
  const nowMs = (): number => performance.now() - startedMs;

  async function look(): Promise<void> {
    const answer = await fetch(`${url}/api/v1/alerts`);
    const { data } = (await answer.json()) as Reply;
    const now = data.alerts
      .filter(({ state }) => state === 'firing')
      .map(({ labels }) => labels.alertname);
    noteFiring(courses, new Set(now), nowMs());
  }

  const timer = setInterval(() => void look().catch(() => undefined), LOOK_EVERY_MS);
  return {
    nowMs,
    since: (alert, fromMs) => courses.get(alert)?.findLast(({ firedAtMs }) => firedAtMs >= fromMs),
    firing: () =>
      [...courses].flatMap(([alert, course]) =>
        course.at(-1)?.clearedAtMs === undefined ? alert : [],
      ),
    stop: () => clearInterval(timer),
  };
}

/** Waits until an alert fires that did not before `fromMs`. Answers whether it did in time. */
export const firesSoon = (
  watch: AlertWatch,
  alert: string,
  fromMs: number,
  timeoutMs: number,
): Promise<boolean> =>
  eventually(() => watch.since(alert, fromMs) !== undefined, { timeoutMs }).then(
    () => true,
    () => false,
  );

/** Waits until an alert does not fire. Answers whether that came in time. */
export const endsSoon = (watch: AlertWatch, alert: string, timeoutMs: number): Promise<boolean> =>
  eventually(() => !watch.firing().includes(alert), { timeoutMs }).then(
    () => true,
    () => false,
  );
