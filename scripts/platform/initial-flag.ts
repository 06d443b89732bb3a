import type { FlagVariant } from '@florin/contracts';
import { connect, setFlag } from '@florin/messaging';
import { createLogger } from '@florin/runtime';

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
  await setFlag(bus, 'fraud-scoring', variant, 'platform');
}
