import { positionsView } from '@florin/contracts';
import type { Banking } from '../adapters/banking.ts';
import type { Ledger } from '../adapters/ledger.ts';
import { revaluePositions } from '../domain/revalue-positions.ts';
import { route, type Route } from '../rest/route.ts';

interface PositionRouteDeps {
  ledger: Pick<Ledger, 'listPositions'>;
  banking: Pick<Banking, 'getRates'>;
}

/** Where nothing was ever converted, and no provider says what it counts in. */
const BASE_DEFAULT = 'USD';

export const positionRoutes = ({ ledger, banking }: PositionRouteDeps): Route[] => [
  route({
    method: 'GET',
    path: '/v1/admin/fx/positions',
    tag: 'Operators',
    summary: 'Open currency positions, valued at the rates of now',
    access: 'admin',
    answers: { 200: { description: 'One per currency', schema: positionsView } },
    async handle() {
      const [{ positions }, told] = await Promise.all([
        ledger.listPositions({}),
        // Positions are shown without rates, too.
        banking.getRates({}).catch(() => undefined),
      ]);
      const current = told?.ok === true ? told : undefined;
      const base = current?.baseCurrency ?? positions[0]?.baseCurrency ?? BASE_DEFAULT;
      const rates =
        current && new Map(current.rates.map(({ toCurrency, midRate }) => [toCurrency, midRate]));
      const body = {
        baseCurrency: base,
        publishedAt: current?.publishedAt ?? null,
        ...revaluePositions(positions, base, rates),
      };
      return { status: 200, body };
    },
  }),
];
