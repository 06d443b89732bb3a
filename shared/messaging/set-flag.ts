import { KV_BUCKETS } from '@florin/contracts';
import type { FlagKey, FlagValue, FlagVariant } from '@florin/contracts';
import { RetryableError } from '@florin/kernel';
import type { Bus } from './connect.ts';
import { readFlagValue } from './flag-provider.ts';
import { readValue, replaceValue } from './key-value.ts';

/** How a flag stands after it was set. The revision names the change for ever. */
export interface FlagSetting {
  value: FlagValue;
  revision: number;
  /** False where it had this variant before: then the value tells who had given it. */
  changed: boolean;
}

/** Two people at once are rare; a dozen in a row is a script that fights another one. */
const ATTEMPTS_MAX = 12;

/** Undefined when somebody else was faster. */
async function trySetting<Key extends FlagKey>(
  bus: Bus,
  key: Key,
  variant: FlagVariant<Key>,
  changedBy: string,
): Promise<FlagSetting | undefined> {
  const read = await readValue(bus, KV_BUCKETS.flags, key);
  const before = read === undefined ? undefined : readFlagValue(key, read.value);
  if (read !== undefined && before?.variant === variant) {
    return { value: before, revision: read.revision, changed: false };
  }
  const value: FlagValue = {
    variant,
    ...(before === undefined ? {} : { before: before.variant }),
    changedBy,
    changedAt: new Date().toISOString(),
  };
  const written = await replaceValue(bus, KV_BUCKETS.flags, key, JSON.stringify(value), read);
  return written.ok ? { value, revision: written.value, changed: true } : undefined;
}

/**
 * Sets a flag for all instances. Nobody's change is overwritten unseen: what was set meanwhile is
 * read again, and stands in the new value as what was before.
 * @throws RetryableError when the server did not answer: the flag may be set or not
 */
export async function setFlag<Key extends FlagKey>(
  bus: Bus,
  key: Key,
  variant: FlagVariant<Key>,
  changedBy: string,
): Promise<FlagSetting> {
  if (!bus.connected()) throw new RetryableError('flags can not be set without a nats-server');
  try {
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      const setting = await trySetting(bus, key, variant, changedBy);
      if (setting !== undefined) return setting;
    }
  } catch (error) {
    throw new RetryableError(`the flag ${key} could not be set`, { cause: error });
  }
  throw new RetryableError(`the flag ${key} is being set by others all the time`);
}
