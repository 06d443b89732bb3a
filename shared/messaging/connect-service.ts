import type { Service } from '@florin/runtime';
import type { BusConfig } from './config-fields.ts';
import { connect, type Bus } from './connect.ts';

function tlsOf({ natsCaFile, natsCertFile, natsKeyFile }: BusConfig) {
  return {
    ...(natsCaFile !== undefined && { caFile: natsCaFile }),
    ...(natsCertFile !== undefined && { certFile: natsCertFile }),
    ...(natsKeyFile !== undefined && { keyFile: natsKeyFile }),
  };
}

/**
 * Connects a service for as long as its process lives: it is not ready while the connection is
 * lost, and ends when that is for good.
 */
export async function connectService(service: Service, config: BusConfig): Promise<Bus> {
  const { name, log, metrics, health, onStop } = service;
  const tls = tlsOf(config);
  const bus = await connect({
    url: config.natsUrl,
    name,
    ...(config.natsNkey !== undefined && { nkeySeed: config.natsNkey }),
    ...(Object.keys(tls).length > 0 && { tls }),
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
