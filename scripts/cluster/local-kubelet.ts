import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../run-command.ts';
import type { KubernetesObject } from './api-client.ts';
import type { ControlPlane } from './control-plane.ts';
import { podEnvironment, type ContainerEnvironment } from './pod-environment.ts';

interface Container extends ContainerEnvironment {
  name: string;
  image: string;
  args?: string[];
  ports?: { name: string; containerPort: number }[];
}

interface Pod extends KubernetesObject {
  spec: { nodeName?: string; restartPolicy?: string; containers: [Container] };
  status: { phase?: string };
}

/** A pod that runs here: a process with an address of its own. */
export interface LocalPod {
  name: string;
  /** Of 127.0.0.0/8, all of which is this machine: pods may listen on the same ports. */
  ip: string;
  labels: Record<string, string>;
  /** Where its health and its figures are. */
  operationsUrl: string;
  isReady: boolean;
}

export interface LocalKubelet extends AsyncDisposable {
  pods(): LocalPod[];
}

interface KubeletOptions {
  plane: ControlPlane;
  /** Logs of pods. */
  dir: string;
  /** What an image is made of: arguments of Node. The tag is after the colon. */
  startImage(service: string, tag: string): string[];
}

interface Running extends LocalPod {
  pod: Pod;
  child: ChildProcess;
  ended: boolean;
  exitCode: number | null;
}

const NODE = 'this-machine';
const LOOK_EVERY_MS = 300;
const OPERATIONS = 'ops';

const decoded = (data: Record<string, string> = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries(data).map(([key, text]) => [key, Buffer.from(text, 'base64').toString()]),
  );

/** "ghcr.io/florin/fraud:2" is version 2 of fraud. */
export function imageParts(image: string): { service: string; tag: string } {
  const [service = '', tag = ''] = (image.split('/').at(-1) ?? '').split(':');
  return { service, tag };
}

async function answersReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(1000) })).ok;
  } catch {
    return false;
  }
}

/**
 * The node of a control plane that has none: starts a process for every pod of its namespace, with
 * the environment that the pod describes, tells whether it is ready, and stops it when the pod is
 * deleted. There are no containers: a process sees the whole machine.
 */
export function startLocalKubelet({ plane, dir, startImage }: KubeletOptions): LocalKubelet {
  const { api, namespace } = plane;
  const running = new Map<string, Running>();
  const base = `/api/v1/namespaces/${namespace}`;
  let addresses = 0;
  mkdirSync(dir, { recursive: true });

  const dataOf = async (kind: string, name: string) =>
    (await api.find<{ data?: Record<string, string> }>(`${base}/${kind}/${name}`))?.data;

  /** Reads what a container refers to, so that its environment can be put together in one go. */
  async function environmentOf(container: Container): Promise<Record<string, string>> {
    const configMaps: Record<string, Record<string, string> | undefined> = {};
    const secrets: Record<string, Record<string, string> | undefined> = {};
    for (const { configMapRef } of container.envFrom ?? []) {
      if (configMapRef)
        configMaps[configMapRef.name] = await dataOf('configmaps', configMapRef.name);
    }
    for (const { valueFrom } of container.env ?? []) {
      const name = valueFrom?.secretKeyRef?.name;
      if (name === undefined || name in secrets) continue;
      const data = await dataOf('secrets', name);
      secrets[name] = data && decoded(data);
    }
    const made = podEnvironment(container, {
      configMap: (name) => configMaps[name],
      secret: (name) => secrets[name],
    });
    if ('missing' in made) throw new Error(`${container.name} waits for ${made.missing}`);
    return made.environment;
  }

  async function start(pod: Pod): Promise<void> {
    const { name } = pod.metadata;
    const [container] = pod.spec.containers;
    const environment = await environmentOf(container);
    addresses += 1;
    const ip = `127.77.0.${addresses}`;
    const { service, tag } = imageParts(container.image);
    const args = container.args ?? [...startImage(service, tag), `services/${service}/main.ts`];
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...environment, HOST: ip },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    const log = createWriteStream(join(dir, `${name}.log`));
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    const port = container.ports?.find((one) => one.name === OPERATIONS)?.containerPort ?? 0;
    const one: Running = {
      name,
      ip,
      pod,
      child,
      labels: pod.metadata.labels ?? {},
      operationsUrl: `http://${ip}:${port}`,
      isReady: false,
      ended: false,
      exitCode: null,
    };
    child.once('exit', (code) => {
      one.ended = true;
      one.exitCode = code;
    });
    running.set(name, one);
    const target = { apiVersion: 'v1', kind: 'Node', name: NODE };
    await api.call('POST', `${base}/pods/${name}/binding`, {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name },
      target,
    });
    await tell(one, 'Running');
  }

  async function tell(one: Running, phase: 'Running' | 'Succeeded' | 'Failed'): Promise<void> {
    const at = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
    const status = one.isReady ? 'True' : 'False';
    const condition = (type: string, value: string) => ({
      type,
      status: value,
      lastTransitionTime: at,
    });
    const [container] = one.pod.spec.containers;
    const state =
      phase === 'Running'
        ? { running: { startedAt: at } }
        : { terminated: { exitCode: one.exitCode ?? 1, startedAt: at, finishedAt: at } };
    await api.call('PATCH', `${base}/pods/${one.name}/status`, {
      status: {
        phase,
        podIP: one.ip,
        podIPs: [{ ip: one.ip }],
        startTime: at,
        conditions: [
          condition('PodScheduled', 'True'),
          condition('Initialized', 'True'),
          condition('ContainersReady', status),
          condition('Ready', status),
        ],
        containerStatuses: [
          {
            name: container.name,
            image: container.image,
            imageID: container.image,
            ready: one.isReady,
            restartCount: 0,
            state,
          },
        ],
      },
    });
  }

  async function look(one: Running, pod: Pod): Promise<void> {
    one.labels = pod.metadata.labels ?? {};
    if (one.ended) {
      one.isReady = false;
      if (pod.status.phase === 'Running') {
        await tell(one, one.exitCode === 0 ? 'Succeeded' : 'Failed');
      }
      return;
    }
    if (one.operationsUrl.endsWith(':0')) return;
    const isReady = await answersReady(one.operationsUrl);
    if (isReady === one.isReady) return;
    one.isReady = isReady;
    await tell(one, 'Running');
  }

  async function remove(name: string): Promise<void> {
    const one = running.get(name);
    if (one !== undefined && !one.ended) {
      if (!one.child.killed) one.child.kill('SIGTERM');
      return;
    }
    running.delete(name);
    await api.call('DELETE', `${base}/pods/${name}?gracePeriodSeconds=0`);
  }

  async function lookAtAll(): Promise<void> {
    const pods = await api.list<Pod>(`${base}/pods`);
    const isNew = (pod: Pod): boolean => pod.spec.nodeName === undefined;
    for (const pod of pods) {
      const one = running.get(pod.metadata.name);
      if (pod.metadata.deletionTimestamp !== undefined) await remove(pod.metadata.name);
      else if (one !== undefined) await look(one, pod);
      else if (isNew(pod)) await start(pod);
    }
    const known = new Set(pods.map(({ metadata }) => metadata.name));
    // Deleted at once, without a time to stop in.
    for (const one of running.values()) if (!known.has(one.name)) one.child.kill('SIGKILL');
  }

  let stopping = false;
  const { promise: stopped, resolve: noteStopped } = Promise.withResolvers<void>();
  void (async () => {
    while (!stopping) {
      // What fails is looked at again: a Secret that is not there yet, an object that changed.
      await lookAtAll().catch((error: unknown) => console.error(`node: ${String(error)}`));
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    noteStopped();
  })();

  return {
    pods: () => [...running.values()].filter(({ ended }) => !ended),
    async [Symbol.asyncDispose]() {
      stopping = true;
      await stopped;
      const children = [...running.values()].filter(({ ended }) => !ended);
      await Promise.all(
        children.map(
          ({ child }) =>
            new Promise((resolve) => {
              child.once('exit', resolve);
              child.kill('SIGTERM');
            }),
        ),
      );
    },
  };
}
