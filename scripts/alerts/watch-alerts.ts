import { eventually } from '@florin/testing';
import type { Prometheus } from '../observability/prometheus.ts';

/** When an alert fired first, and when it was over, in milliseconds since the watch began. */
export interface AlertCourse {
  firedAtMs?: number;
  clearedAtMs?: number;
}

export interface AlertWatch {
  nowMs(): number;
  course(alert: string): AlertCourse;
  /** Alerts that fire at the moment. */
  firing(): string[];
  fired(alert: string, timeoutMs: number): Promise<void>;
  cleared(alert: string, timeoutMs: number): Promise<void>;
  stop(): void;
}

interface Reply {
  data: { alerts: { labels: { alertname: string }; state: string }[] };
}

const LOOK_EVERY_MS = 500;

/** Follows the alerts of a Prometheus. */
export function watchAlerts({ url }: Prometheus): AlertWatch {
  const startedMs = performance.now();
  const courses = new Map<string, AlertCourse>();
  let firing = new Set<string>();
  const nowMs = (): number => performance.now() - startedMs;

  async function look(): Promise<void> {
    const answer = await fetch(`${url}/api/v1/alerts`);
    const { data } = (await answer.json()) as Reply;
    const now = new Set(
      data.alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname),
    );
    for (const alert of now) {
      const course = courses.get(alert) ?? {};
      // One that comes back is not over.
      delete course.clearedAtMs;
      course.firedAtMs ??= nowMs();
      courses.set(alert, course);
    }
    for (const alert of firing) {
      const course = courses.get(alert);
      if (!now.has(alert) && course !== undefined) course.clearedAtMs = nowMs();
    }
    firing = now;
  }

  const timer = setInterval(() => void look().catch(() => undefined), LOOK_EVERY_MS);
  const course = (alert: string): AlertCourse => courses.get(alert) ?? {};
  return {
    nowMs,
    course,
    firing: () => [...firing],
    async fired(alert, timeoutMs) {
      await eventually(() => course(alert).firedAtMs !== undefined, { timeoutMs });
    },
    async cleared(alert, timeoutMs) {
      await eventually(() => course(alert).clearedAtMs !== undefined, { timeoutMs });
    },
    stop: () => clearInterval(timer),
  };
}
