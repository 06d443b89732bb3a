import { createHealth } from '@florin/runtime';
import { describeRoutes, type OpenApi } from './rest/openapi.ts';
import { createRoutes, type RouteDeps } from './routes/table.ts';

/** The REST API as it is served at /openapi.json: routes are declared here, none is called. */
export const apiDescription = (): OpenApi =>
  describeRoutes(createRoutes({ health: createHealth() } as unknown as RouteDeps));
