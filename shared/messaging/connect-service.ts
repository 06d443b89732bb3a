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

/** Where the server is that the settings name, and as whom we come. */
export function serverOf(config: BusConfig) {
  const tls = tlsOf(config);
  return {
    url: config.natsUrl,
    ...(config.natsNkey !== undefined && { nkeySeed: config.natsNkey }),
    ...(Object.keys(tls).length > 0 && { tls }),
  };
}

/**
 * Connects a service for as long as its process lives: it is not ready while the connection is
 * lost, and ends when that is for good.
 */
export async function connectService(service: Service, config: BusConfig): Promise<Bus> {
  const { name, log, metrics, health, onStop } = service;
  const bus = await connect({
    ...serverOf(config),
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
