import { fileURLToPath } from 'node:url';
import { listen, printableConfig, runService } from '@florin/runtime';
import { readWebConfig } from './config.ts';
import { createApiProxy } from './server/api-proxy.ts';
import { ensureBuild } from './server/ensure-build.ts';
import { createGatewaySessions } from './server/gateway-sessions.ts';
import { createIsOperator } from './server/is-operator.ts';
import { createRefreshOnce } from './server/refresh-once.ts';
import { createWebServer } from './server/web-server.ts';

const config = readWebConfig();

await runService('web', config, async ({ log, metrics, clock, onStop }) => {
  log.info(printableConfig(config), 'starting');
  const { gatewayUrl, bankControlUrl, publicUrl, host, port } = config;
  const folder = fileURLToPath(new URL('.', import.meta.url));
  const assets = await ensureBuild({
    folder,
    distFolder: config.distFolder ?? `${folder}dist`,
    log,
  });

  const sessions = createGatewaySessions(gatewayUrl);
  const server = createWebServer({
    assets,
    log,
    metrics,
    sessions: { ...sessions, refresh: createRefreshOnce({ refresh: sessions.refresh, clock }) },
    secureCookies: publicUrl?.startsWith('https:') ?? false,
    api: createApiProxy(gatewayUrl),
    bankControls: bankControlUrl === undefined ? undefined : createApiProxy(bankControlUrl),
    isOperator: createIsOperator(gatewayUrl),
  });
  const door = await listen(server, { host, port });
  onStop('web server', () => door.close());
  return { url: door.url };
});
