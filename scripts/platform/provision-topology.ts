import { connect, provision } from '@florin/messaging';
import { createLogger } from '@florin/runtime';

/** Brings the streams up to date. Answers how many changed. */
export async function provisionTopology(natsUrl: string): Promise<number> {
  const log = createLogger('provision', 'warn');
  await using bus = await connect({ url: natsUrl, name: 'provision', log });
  return (await provision(bus)).length;
}
