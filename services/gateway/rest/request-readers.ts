import { createCorsOf } from './cors.ts';
import { createReadContext } from './request-context.ts';
import { createReadOrigin } from './request-origin.ts';

interface ReadersConfig {
  contextKey: string;
  trustGeo: boolean;
  trustedProxies: number;
  corsOrigins: readonly string[];
}

/** All that is read from a request besides what its route asks for. */
export const createRequestReaders = (config: ReadersConfig) => {
  const { contextKey: key, trustGeo, trustedProxies, corsOrigins } = config;
  return {
    readOrigin: createReadOrigin(trustedProxies),
    readContext: createReadContext({ key, trustGeo, trustedProxies }),
    corsOf: createCorsOf(corsOrigins),
  };
};
