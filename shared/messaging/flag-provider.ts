import { flagValue, FLAGS, isFlagKey, KV_BUCKETS } from '@florin/contracts';
import type { FlagKey, FlagValue } from '@florin/contracts';
import { ErrorCode, OpenFeatureEventEmitter, ProviderEvents } from '@openfeature/server-sdk';
import type { Provider, ResolutionDetails } from '@openfeature/server-sdk';
import type { Bus } from './connect.ts';
import { watchBucket } from './key-value.ts';

/** Flags as OpenFeature asks for them, and who set them. */
export interface FlagProvider {
  provider: Provider;
  /** As it was last set; undefined while the default of the contracts holds. */
  stored(key: FlagKey): FlagValue | undefined;
  stop(): Promise<void>;
}

/** What a bucket holds under a flag's key, where it is one of the flag's variants. */
export function readFlagValue(key: FlagKey, json: string): FlagValue | undefined {
  const variants: readonly string[] = FLAGS[key].variants;
  try {
    const { data } = flagValue.safeParse(JSON.parse(json));
    return data !== undefined && variants.includes(data.variant) ? data : undefined;
  } catch {
    return undefined;
  }
}

const NOT_A_STRING = 'flags of this platform have variants, which are strings';

/** Flags are strings: what is asked for as anything else gets the asker's default. */
const mismatch = async <T>(value: T): Promise<ResolutionDetails<T>> => ({
  value,
  errorCode: ErrorCode.TYPE_MISMATCH,
  errorMessage: NOT_A_STRING,
});

/**
 * An OpenFeature provider over the bucket of flags. It follows the bucket, so that resolving is a
 * look into memory. What was known holds while the server is away; what can't be understood is
 * logged, and changes nothing.
 */
export function createFlagProvider(bus: Bus): FlagProvider {
  const { log } = bus;
  const events = new OpenFeatureEventEmitter();
  const known = new Map<FlagKey, FlagValue>();

  function learn(key: string, json: string | undefined): void {
    if (!isFlagKey(key)) return log.warn({ flag: key }, 'a flag is set that nobody knows');
    const value = json === undefined ? undefined : readFlagValue(key, json);
    if (json !== undefined && value === undefined) {
      return log.warn({ flag: key }, 'a flag is set to what it can not be: it stays as it was');
    }
    if (value === undefined) known.delete(key);
    else known.set(key, value);
    events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged: [key] });
  }

  const watch = watchBucket(bus, KV_BUCKETS.flags, learn);
  const forgetBus = bus.onConnectionChange((connected) => {
    events.emit(connected ? ProviderEvents.Ready : ProviderEvents.Stale);
  });

  async function resolve(key: string, byDefault: string): Promise<ResolutionDetails<string>> {
    if (!isFlagKey(key)) return { value: byDefault, errorCode: ErrorCode.FLAG_NOT_FOUND };
    const variant = known.get(key)?.variant;
    if (variant === undefined) return { value: byDefault, reason: 'DEFAULT' };
    return { value: variant, variant, reason: bus.connected() ? 'STATIC' : 'STALE' };
  }

  return {
    provider: {
      metadata: { name: 'florin-flags' },
      runsOn: 'server',
      events,
      initialize: () => watch.ready,
      resolveStringEvaluation: resolve,
      resolveBooleanEvaluation: (_, byDefault) => mismatch(byDefault),
      resolveNumberEvaluation: (_, byDefault) => mismatch(byDefault),
      resolveObjectEvaluation: (_, byDefault) => mismatch(byDefault),
    },
    stored: (key) => known.get(key),
    async stop() {
      forgetBus();
      await watch.stop();
    },
  };
}
