import type { FlagVariant } from '@florin/contracts';
import { connect, setFlag } from '@florin/messaging';
import { createLogger, retry } from '@florin/runtime';

/** A server on a busy disk answers in its own time. */
const PATIENCE = { attempts: 10, baseMs: 200, capMs: 1_000 };

/** Who may set flags, as the server knows it. */
export const FLAG_USER = 'gateway';

/**
 * Says how payments are scored before anybody can pay.
 * @param nkeySeed of the user above, where the server knows users
 */
export async function setInitialFlag(
  natsUrl: string,
  nkeySeed: string | undefined,
  variant: FlagVariant,
): Promise<void> {
  await using bus = await connect({
    url: natsUrl,
    name: FLAG_USER,
    ...(nkeySeed !== undefined && { nkeySeed }),
    log: createLogger('platform', 'warn'),
  });
  await retry(() => setFlag(bus, 'fraud-scoring', variant, 'platform'), PATIENCE);
}
