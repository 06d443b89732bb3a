import type { Service } from '@florin/runtime';
import { connect, type Bus } from './connect.ts';

/**
 * Connects a service for as long as its process lives: it is not ready while the connection is
 * lost, and ends when that is for good.
 */
export async function connectService(service: Service, natsUrl: string): Promise<Bus> {
  const { name, log, metrics, health, onStop } = service;
  const bus = await connect({
    url: natsUrl,
    name,
    log,
    metrics,
    onClosed: (cause) => {
      throw new Error('the connection to nats-server ended for good', { cause });
    },
  });
  onStop('messaging', () => bus.close());
  health.check('messaging', () => (bus.connected() ? undefined : 'no nats-server'));
  return bus;
}
