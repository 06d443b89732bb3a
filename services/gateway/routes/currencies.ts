import { currenciesView } from '@florin/contracts';
import type { AssetTable } from '../domain/asset-table.ts';
import { route, type Route } from '../rest/route.ts';

/** Nobody has to ask twice in an hour: the list changes when an installation does. */
const HEADERS = { 'cache-control': 'public, max-age=3600' };

export const currencyRoutes = ({ assets }: { assets: AssetTable }): Route[] => [
  route({
    method: 'GET',
    path: '/v1/currencies',
    tag: 'Currencies',
    summary: 'What wallets can be opened in, and how amounts of it are written',
    access: 'public',
    answers: { 200: { description: 'All of them', schema: currenciesView } },
    handle: () => ({
      status: 200,
      body: { items: assets.list(), nextCursor: null },
      headers: HEADERS,
    }),
  }),
];
