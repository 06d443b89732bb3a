import {
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import type { JetStreamManager, StreamConfig, StreamInfo } from '@nats-io/jetstream';
import { nanos, TimeoutError } from '@nats-io/transport-node';
import { TerminalError } from '@florin/kernel';
import { retry } from '@florin/runtime';
import type { Bus } from './connect.ts';
import { topology } from './topology.ts';
import type { StreamPlan, TopologyOptions } from './topology.ts';

/** A server on a busy disk creates a stream in its own time, and may have done so after all. */
const PATIENCE = {
  attempts: 10,
  baseMs: 200,
  capMs: 1_000,
  isRetryable: (error: unknown) => error instanceof TimeoutError,
};

export interface ProvisionOptions extends TopologyOptions {
  /** Copies of each stream in a cluster: 1 or 3. */
  replicas?: number;
}

/** Only what every server since 2.9 knows: an older one ignores newer fields without a word. */
function configOf(plan: StreamPlan, replicas: number) {
  return {
    name: plan.name,
    subjects: plan.subjects,
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: plan.discard === 'new' ? DiscardPolicy.New : DiscardPolicy.Old,
    max_age: nanos(plan.maxAgeMs),
    max_bytes: plan.maxBytes,
    max_msgs: -1,
    max_msgs_per_subject: plan.maxPerSubject,
    // A message that fits the server fits its stream: what a stream refuses could never be told.
    max_msg_size: -1,
    duplicate_window: nanos(plan.duplicateWindowMs),
    deny_delete: plan.denyDelete,
    deny_purge: plan.denyPurge,
    allow_rollup_hdrs: plan.rollup,
    allow_direct: plan.direct,
    num_replicas: replicas,
  } satisfies Partial<StreamConfig>;
}

type PlannedConfig = ReturnType<typeof configOf>;

async function existing(jsm: JetStreamManager, name: string): Promise<StreamInfo | undefined> {
  try {
    return await jsm.streams.info(name);
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound) {
      return undefined;
    }
    throw error;
  }
}

/** Why the stream can't become what is planned without harm, in words for an operator. */
export function obstacles(planned: PlannedConfig, { config, state }: StreamInfo): string[] {
  const found: string[] = [];
  const fixed = ['retention', 'storage'] as const;
  for (const field of fixed) {
    if (config[field] !== planned[field]) {
      found.push(`its ${field} is "${config[field]}", planned is "${planned[field]}"`);
    }
  }
  if (config.sealed) found.push('it is sealed: nothing can be added');
  if (config.mirror) found.push('it mirrors another stream');
  const foreign = config.subjects.filter((subject) => !planned.subjects.includes(subject));
  if (foreign.length > 0) found.push(`it holds other subjects: ${foreign.join(', ')}`);
  if (planned.max_bytes > 0 && state.bytes > planned.max_bytes) {
    found.push(`it holds ${state.bytes} bytes, more than the planned ${planned.max_bytes}`);
  }
  if (planned.max_age > 0 && state.messages > 0) {
    const ageMs = Date.now() - Date.parse(state.first_ts);
    const shorter = config.max_age === 0 || planned.max_age < config.max_age;
    if (shorter && nanos(ageMs) > planned.max_age) {
      found.push('it holds messages older than the planned age limit');
    }
  }
  const limit = planned.max_msgs_per_subject;
  if (limit > 0 && (config.max_msgs_per_subject <= 0 || config.max_msgs_per_subject > limit)) {
    if (state.messages > 0) found.push(`it may hold more than ${limit} messages of a subject`);
  }
  return found;
}

/** The planned fields that differ from what the server has. */
function differences(planned: PlannedConfig, actual: StreamConfig): string[] {
  return Object.entries(planned).flatMap(([field, value]) => {
    const has = Object.entries(actual).find(([name]) => name === field)?.[1] ?? false;
    return JSON.stringify(has) === JSON.stringify(value)
      ? []
      : [`${field} ${JSON.stringify(has)} -> ${JSON.stringify(value)}`];
  });
}

/**
 * Creates a stream, unless somebody else does so at the same moment: what they made is answered
 * then. The server tells the later of the two that the subjects are taken.
 */
async function create(
  jsm: JetStreamManager,
  planned: PlannedConfig,
): Promise<'created' | StreamInfo> {
  try {
    await jsm.streams.add(planned);
    return 'created';
  } catch (error) {
    const theirs = await existing(jsm, planned.name);
    if (theirs === undefined) throw error;
    return theirs;
  }
}

/**
 * Makes one stream what its plan says. Data is never destroyed: what could only be reached by
 * losing messages is an error that says so.
 * @returns what was changed, undefined when nothing
 * @throws TerminalError when an existing stream stands in the way
 */
export async function provisionStream(
  bus: Bus,
  plan: StreamPlan,
  replicas = 1,
): Promise<string | undefined> {
  const planned = configOf(plan, replicas);
  const known = await existing(bus.jsm, plan.name);
  const info = known ?? (await create(bus.jsm, planned));
  if (info === 'created') return `stream ${plan.name}: created`;
  const changes = differences(planned, info.config);
  if (changes.length === 0) return undefined;
  const problems = obstacles(planned, info);
  if (problems.length > 0) {
    throw new TerminalError(
      `stream ${plan.name} exists and is left as it is, because ${problems.join('; ')}`,
    );
  }
  await bus.jsm.streams.update(plan.name, planned);
  return `stream ${plan.name}: ${changes.join(', ')}`;
}

/**
 * Creates or updates every stream and bucket of the topology. Safe to run again and at the same
 * time as others.
 * @returns one line for each change
 */
export async function provision(bus: Bus, options: ProvisionOptions = {}): Promise<string[]> {
  const changes: string[] = [];
  for (const plan of topology(options)) {
    const change = await retry(() => provisionStream(bus, plan, options.replicas), PATIENCE);
    if (change !== undefined) changes.push(change);
  }
  return changes;
}
