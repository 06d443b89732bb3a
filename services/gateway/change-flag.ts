import { FLAGS } from '@florin/contracts';
import type { FlagKey, FlagVariant } from '@florin/contracts';
import type { Flags, RecordAction } from '@florin/messaging';

interface FlagDeps {
  flags: Pick<Flags, 'set'>;
  record: RecordAction;
}

interface FlagChange<Key extends FlagKey = FlagKey> {
  key: Key;
  variant: FlagVariant<Key>;
  actorId: string;
  requestId: string;
}

/**
 * Sets a flag and tells the audit log before it answers. The record is made from what stands in the
 * bucket, under an id of that revision: when it could not be stored, setting the flag again records
 * the same change.
 * @throws RetryableError when the flag could not be set, or is set and not recorded yet
 */
export function createChangeFlag({ flags, record }: FlagDeps) {
  return async ({ key, variant, actorId, requestId }: FlagChange): Promise<void> => {
    const { value, revision, changed } = await flags.set(key, variant, actorId);
    if (!changed && value.changedBy !== actorId) return;
    await record({
      id: `flag-${key}-${revision}`,
      at: value.changedAt,
      actorId,
      action: 'flag-changed',
      target: key,
      before: value.before ?? FLAGS[key].default,
      after: value.variant,
      requestId,
    });
  };
}

export type ChangeFlag = ReturnType<typeof createChangeFlag>;
