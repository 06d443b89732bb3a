import { eventually } from '@florin/testing';
import type { ControlPlane } from '../cluster/control-plane.ts';

interface RolloutStatus {
  phase?: string;
  message?: string;
  abort?: boolean;
  currentStepIndex?: number;
  stableRS?: string;
  currentPodHash?: string;
  replicas?: number;
  updatedReplicas?: number;
  readyReplicas?: number;
  observedGeneration?: string;
}

interface Rollout {
  metadata: { generation: number };
  spec: { replicas: number; strategy: { canary: { steps: unknown[] } } };
  status?: RolloutStatus;
}

interface MetricResult {
  name: string;
  phase: string;
  message?: string;
  successful?: number;
  failed?: number;
  inconclusive?: number;
  error?: number;
  measurements?: { phase: string; value?: string; message?: string }[];
}

interface AnalysisRun {
  metadata: { name: string; creationTimestamp: string };
  status?: { phase: string; metricResults?: MetricResult[] };
}

export interface Outcome {
  promoted: boolean;
  /** Figures that were worse than they may be. */
  failed: string[];
  seconds: number;
}

const KIND = '/apis/argoproj.io/v1alpha1/namespaces';
const LOOK_EVERY_MS = 500;

const rolloutPath = (namespace: string, name: string): string =>
  `${KIND}/${namespace}/rollouts/${name}`;

const readRollout = ({ api, namespace }: ControlPlane, name: string): Promise<Rollout> =>
  api.call('GET', rolloutPath(namespace, name));

/** Whether its controller has seen what was asked for last. */
const isSeen = ({ metadata, status }: Rollout): boolean =>
  status?.observedGeneration === String(metadata.generation);

/** One line about where a release stands. */
function lineOf({ spec, status = {} }: Rollout): string {
  const { steps } = spec.strategy.canary;
  const step = `step ${status.currentStepIndex ?? 0} of ${steps.length}`;
  const { updatedReplicas = 0, readyReplicas = 0 } = status;
  const pods = `${updatedReplicas} of ${spec.replicas} pods new, ${readyReplicas} ready`;
  const why = status.message ? `: ${status.message}` : '';
  return `${(status.phase ?? 'Unknown').padEnd(11)} ${step}, ${pods}${why}`;
}

/** Waits until all pods are of the version that was asked for, without a word. */
export const waitUntilHealthy = (
  plane: ControlPlane,
  name: string,
  timeoutMs: number,
): Promise<Rollout> =>
  eventually(
    async () => {
      const rollout = await readRollout(plane, name);
      const { phase, message, readyReplicas = 0 } = rollout.status ?? {};
      const ready =
        isSeen(rollout) && phase === 'Healthy' && readyReplicas === rollout.spec.replicas;
      if (!ready)
        throw new Error(`${phase ?? 'no status'} ${message ?? ''}, ${readyReplicas} ready`);
      return rollout;
    },
    { timeoutMs, everyMs: LOOK_EVERY_MS },
  );

/** What was measured in the background of the latest release. */
async function latestMeasurements({ api, namespace }: ControlPlane): Promise<MetricResult[]> {
  const runs = await api.list<AnalysisRun>(`${KIND}/${namespace}/analysisruns`);
  const [latest] = runs.toSorted((one, other) =>
    other.metadata.creationTimestamp.localeCompare(one.metadata.creationTimestamp),
  );
  return latest?.status?.metricResults ?? [];
}

function measured(result: MetricResult): string {
  const { name, phase, successful = 0, failed = 0, inconclusive = 0, error = 0 } = result;
  const values = (result.measurements ?? []).flatMap(({ value }) => value ?? []).slice(-4);
  const unclear = `${inconclusive} undecided, ${error} unanswered`;
  const counts = `${successful} good, ${failed} bad, ${unclear}`;
  return `${name}: ${phase} (${counts}; last: ${values.join(' ') || 'none'})`;
}

/** Follows a release to its end, and prints every step that it takes and what was measured. */
export async function followRelease(
  plane: ControlPlane,
  name: string,
  timeoutMs: number,
): Promise<Outcome> {
  const startedMs = performance.now();
  const seconds = (): number => (performance.now() - startedMs) / 1000;
  let last = '';
  const end = await eventually(
    async () => {
      const rollout = await readRollout(plane, name);
      if (!isSeen(rollout)) throw new Error('its controller has not seen it yet');
      const line = lineOf(rollout);
      if (line !== last) console.log(`  ${seconds().toFixed(1).padStart(6)} s  ${line}`);
      last = line;
      const { phase, abort } = rollout.status ?? {};
      if (abort === true || phase === 'Healthy') return rollout;
      throw new Error(line);
    },
    { timeoutMs, everyMs: LOOK_EVERY_MS },
  );
  const results = await latestMeasurements(plane);
  for (const result of results) console.log(`            ${measured(result)}`);
  return {
    promoted: end.status?.phase === 'Healthy',
    failed: results.filter(({ phase }) => phase === 'Failed').map((one) => one.name),
    seconds: seconds(),
  };
}
