import { createHealth } from '@florin/runtime';
import { describeRoutes, type OpenApi } from '../../services/gateway/rest/openapi.ts';
import { createRoutes, type RouteDeps } from '../../services/gateway/routes/table.ts';

/** The REST API as the gateway serves it at /openapi.json: routes are declared, none is called. */
export const apiDescription = (): OpenApi =>
  describeRoutes(createRoutes({ health: createHealth() } as unknown as RouteDeps));
