import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@florin/testing';
import type { Proxy } from '../chaos/toxiproxy.ts';
import { SERVICES, type Component, type MatrixStage } from './matrix-stage.ts';

/** Longer than a lease. */
const PAUSED_MS = 3_000;
const CUT_MS = 1_500;
const SLOW_MS = 2_000;
const LATENCY_MS = 100;
const READY_WITHIN_MS = 90_000;

type Service = (typeof SERVICES)[number];
const isService = (component: Component): component is Service =>
  SERVICES.some((service) => service === component);

/** The process of a service, which its supervisor starts again when it ends. */
const processOf = ({ platform }: MatrixStage, service: Service): Promise<number> =>
  eventually(() => platform.pidOf(service) ?? false, { timeoutMs: READY_WITHIN_MS });

async function end(stage: MatrixStage, service: Service, signal: NodeJS.Signals): Promise<void> {
  const pid = await processOf(stage, service);
  process.kill(pid, signal);
  await eventually(async () => (await processOf(stage, service)) !== pid, {
    timeoutMs: READY_WITHIN_MS,
  });
}

async function during(
  links: readonly Proxy[],
  cause: (link: Proxy) => Promise<void>,
  forMs: number,
): Promise<void> {
  await Promise.all(links.map(cause));
  await sleep(forMs);
  await Promise.all(links.map((link) => link.heal()));
}

/** Each resolves when the cause is gone; `isReady` tells when its effects are. */
export const FAULTS: Readonly<
  Record<string, (stage: MatrixStage, component: Component) => Promise<void>>
> = {
  async 'kill -9'(stage, component) {
    if (isService(component)) return end(stage, component, 'SIGKILL');
    await stage.servers[component].kill9();
    await stage.servers[component].restart();
  },
  async 'pause past the lease'(stage, component) {
    const isOfService = isService(component);
    const pid = isOfService ? await processOf(stage, component) : 0;
    if (isOfService) process.kill(pid, 'SIGSTOP');
    else stage.servers[component].pause();
    await sleep(PAUSED_MS);
    if (isOfService) process.kill(pid, 'SIGCONT');
    else stage.servers[component].resume();
  },
  async restart(stage, component) {
    if (isService(component)) return end(stage, component, 'SIGTERM');
    await stage.servers[component].restart();
  },
  'connection cut': (stage, component) =>
    during(stage.links(component), (link) => link.cut(), CUT_MS),
  'slow network': (stage, component) =>
    during(stage.links(component), (link) => link.latency(LATENCY_MS), SLOW_MS),
};

/** Resolves when every process says that it does its work. */
export async function everybodyReady({ platform }: MatrixStage): Promise<void> {
  const isReady = async (url: string): Promise<boolean> =>
    (await fetch(new URL('/readyz', url), { signal: AbortSignal.timeout(2_000) })).ok;
  await eventually(
    async () => {
      const { metrics } = platform.dev();
      return (await Promise.all(Object.values(metrics).map(isReady))).every(Boolean);
    },
    { timeoutMs: READY_WITHIN_MS, everyMs: 50 },
  );
}
