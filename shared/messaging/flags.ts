import { FLAGS } from '@florin/contracts';
import type { FlagKey, FlagValue, FlagVariant } from '@florin/contracts';
import { OpenFeature, ProviderEvents } from '@openfeature/server-sdk';
import { uuidv7 } from '@florin/kernel';
import type { Bus } from './connect.ts';
import { createFlagProvider } from './flag-provider.ts';
import { setFlag, type FlagSetting } from './set-flag.ts';

export type FlagListener = (key: FlagKey, variant: FlagVariant) => void;

/** The feature flags as this process sees them. */
export interface Flags {
  /** At once, from memory: for the busiest paths. The default until `ready`. */
  variant<Key extends FlagKey>(key: Key): FlagVariant<Key>;
  /** By whom and when it was set; undefined where the default holds. */
  stored(key: FlagKey): FlagValue | undefined;
  /** Calls back after a variant has changed. Returns the way to stop that. */
  onChange(listener: FlagListener): () => void;
  /** Sets it for every process; this one hears of it as the others do, a moment later. */
  set<Key extends FlagKey>(
    key: Key,
    variant: FlagVariant<Key>,
    changedBy: string,
  ): Promise<FlagSetting>;
  /** Resolves when the flags are known as the bucket has them. */
  readonly ready: Promise<void>;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const KEYS = Object.keys(FLAGS) as FlagKey[];

function createGauge(bus: Bus) {
  const gauge = bus.metrics?.gauge({
    name: 'feature_flag_info',
    help: '1 for the variant that a feature flag has in this process',
    labelNames: ['flag', 'variant'],
  });
  return (flag: FlagKey, current: FlagVariant): void => {
    for (const variant of FLAGS[flag].variants) {
      gauge?.set({ flag, variant }, variant === current ? 1 : 0);
    }
  };
}

/**
 * Feature flags by OpenFeature over the bucket `flags`. An evaluation costs microseconds and
 * promises, so it happens when a flag changes, not when it is asked for: asking is a look into a
 * map. Other providers of OpenFeature could stand in for ours.
 */
export function createFlags(bus: Bus): Flags {
  const flags = createFlagProvider(bus);
  // The library's registry is one for the process; its domains keep several connections apart.
  const domain = `${bus.name}-${uuidv7()}`;
  const registering = OpenFeature.setProviderAndWait(domain, flags.provider);
  const client = OpenFeature.getClient(domain);
  const variants = new Map(KEYS.map((key): [FlagKey, FlagVariant] => [key, FLAGS[key].default]));
  const listeners = new Set<FlagListener>();
  const show = createGauge(bus);
  for (const [key, variant] of variants) show(key, variant);
  let evaluated = Promise.resolve();

  async function evaluate(key: FlagKey): Promise<void> {
    const variant = (await client.getStringValue(key, FLAGS[key].default)) as FlagVariant;
    if (variants.get(key) === variant) return;
    variants.set(key, variant);
    show(key, variant);
    bus.log.info({ flag: key, variant, by: flags.stored(key)?.changedBy }, 'a flag has changed');
    for (const listener of listeners) listener(key, variant);
  }

  /** One after the other, so that the last evaluation is that of the last change. */
  function evaluateAll(): Promise<void> {
    evaluated = evaluated.then(async () => {
      for (const key of KEYS) await evaluate(key);
    });
    return evaluated;
  }

  const onConfiguration = (): void => void evaluateAll();
  client.addHandler(ProviderEvents.ConfigurationChanged, onConfiguration);

  async function stop(): Promise<void> {
    client.removeHandler(ProviderEvents.ConfigurationChanged, onConfiguration);
    await flags.stop();
  }
  return {
    variant: <Key extends FlagKey>(key: Key) => variants.get(key) as FlagVariant<Key>,
    stored: flags.stored,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    set: (key, variant, changedBy) => setFlag(bus, key, variant, changedBy),
    ready: registering.then(evaluateAll),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
