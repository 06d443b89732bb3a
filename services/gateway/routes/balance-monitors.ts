import {
  balanceMonitor,
  monitorBody,
  monitorChangeBody,
  pageOf,
  pageQuery,
} from '@florin/contracts';
import type { Notifications } from '../adapters/notifications.ts';
import type { WalletDirectory } from '../adapters/wallet-directory.ts';
import { isRefusal, refusal, type Refusal } from '../domain/refusal.ts';
import { route, type Answer, type Route } from '../rest/route.ts';
import { ownWallet } from './wallet-access.ts';

interface MonitorRouteDeps {
  notifications: Notifications;
  directory: Pick<WalletDirectory, 'find'>;
}

const SHARED = { tag: 'Wallets', access: 'wallets:read' } as const;
const MONITOR = { description: 'The monitor', schema: balanceMonitor } as const;

const unknown = (id: string): Refusal => refusal('not-found', `there is no balance monitor ${id}`);

const found = (monitor: object | null, id: string): Answer | Refusal =>
  monitor === null ? unknown(id) : { status: 200, body: monitor };

/** Lines that a wallet's balance may cross, and somebody wants to hear of it. */
export function balanceMonitorRoutes({ notifications, directory }: MonitorRouteDeps): Route[] {
  return [
    route({
      ...SHARED,
      method: 'POST',
      path: '/v1/balance-monitors',
      summary: 'Hear when the balance of a wallet crosses a line',
      description:
        'Told once for each crossing of the posted balance: as a message, by e-mail, and to ' +
        'webhooks as balance-crossed. What was crossed before is not told.',
      body: monitorBody,
      answers: { 201: MONITOR },
      problems: ['not-found', 'limit-exceeded'],
      async handle({ caller, body }) {
        const facts = ownWallet(await directory.find(body.walletId), caller, body.walletId);
        if (isRefusal(facts)) return facts;
        const made = await notifications.createMonitor({ ...body, ownerId: caller.id });
        if ('refused' in made) return refusal('limit-exceeded', made.detail);
        const headers = { location: `/v1/balance-monitors/${made.monitor.id}` };
        return { status: 201, body: made.monitor, headers };
      },
    }),
    route({
      ...SHARED,
      method: 'GET',
      path: '/v1/balance-monitors',
      summary: 'The caller’s balance monitors, newest first',
      query: pageQuery,
      answers: { 200: { description: 'A page', schema: pageOf(balanceMonitor) } },
      async handle({ caller, query: { limit, cursor } }) {
        const question = { ownerId: caller.id, limit, ...(cursor === undefined ? {} : { cursor }) };
        return { status: 200, body: await notifications.listMonitors(question) };
      },
    }),
    route({
      ...SHARED,
      method: 'GET',
      path: '/v1/balance-monitors/:id',
      summary: 'A balance monitor, and when its line was last crossed',
      answers: { 200: MONITOR },
      problems: ['not-found'],
      handle: async ({ caller, params: { id } }) =>
        found((await notifications.getMonitor({ ownerId: caller.id, id })).monitor, id),
    }),
    route({
      ...SHARED,
      method: 'PATCH',
      path: '/v1/balance-monitors/:id',
      summary: 'Move the line',
      body: monitorChangeBody,
      answers: { 200: MONITOR },
      problems: ['not-found'],
      async handle({ caller, params: { id }, body: { direction, threshold } }) {
        const change = {
          ...(direction === undefined ? {} : { direction }),
          ...(threshold === undefined ? {} : { threshold }),
        };
        const question = { ownerId: caller.id, id, ...change };
        return found((await notifications.changeMonitor(question)).monitor, id);
      },
    }),
    route({
      ...SHARED,
      method: 'DELETE',
      path: '/v1/balance-monitors/:id',
      summary: 'Hear no more of a line',
      answers: { 204: { description: 'Removed' } },
      problems: ['not-found'],
      async handle({ caller, params: { id } }) {
        const { deleted } = await notifications.deleteMonitor({ ownerId: caller.id, id });
        return deleted ? { status: 204 } : unknown(id);
      },
    }),
  ];
}
