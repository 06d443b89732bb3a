import { connect, provision, PROVISION_USER } from '@florin/messaging';
import { createLogger } from '@florin/runtime';

/**
 * Brings the streams up to date. Answers how many changed.
 * @param nkeySeed of the only user who may, where the server knows users
 * @param replicas copies of each stream
 */
export async function provisionTopology(
  natsUrl: string,
  nkeySeed: string | undefined,
  replicas = 1,
): Promise<number> {
  const log = createLogger('provision', 'warn');
  await using bus = await connect({
    url: natsUrl,
    name: PROVISION_USER,
    ...(nkeySeed !== undefined && { nkeySeed }),
    log,
  });
  return (await provision(bus, { replicas })).length;
}
