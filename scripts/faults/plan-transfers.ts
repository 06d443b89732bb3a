import { setTimeout as sleep } from 'node:timers/promises';
import type { ScheduledOccurrence } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { createRestClient, type RestAnswer } from '../platform/rest-client.ts';
import type { DevFile } from '../platform/dev-file.ts';
import { machineToken } from './machine-token.ts';
import type { Load } from './open-load.ts';
import type { Acknowledged } from './payer.ts';

const PATH = '/v1/scheduled-transfers';
/** After the answer, so that a fault of now is likely to be in the way. */
const DUE_AFTER_MS = 1_000;
const RETRY_MS = 200;
const PATIENCE_MS = 120_000;
const AMOUNT = '7';

/** Plans transfers that fall due while something is broken, and tells in the end what they did. */
export interface Planner {
  plan(): Promise<void>;
  /** Resolves when all have come to an end. @throws when one does not */
  settled(): Promise<Acknowledged[]>;
}

export async function openPlanner(
  { gatewayUrl, oauthClient }: DevFile,
  { wallets }: Load,
): Promise<Planner> {
  const token = machineToken(gatewayUrl, oauthClient);
  const [from = '', to = ''] = wallets;
  const plans: string[] = [];

  /** Asks until it is told, however long somebody is away. */
  async function ask<T>(
    call: (client: ReturnType<typeof createRestClient>) => Promise<RestAnswer>,
    done: (answer: RestAnswer) => T | undefined,
  ): Promise<T> {
    const startedMs = performance.now();
    let last: unknown;
    while (performance.now() - startedMs < PATIENCE_MS) {
      try {
        const answer = await call(createRestClient(gatewayUrl, await token()));
        last = answer.body;
        const found = done(answer);
        if (found !== undefined) return found;
      } catch (error) {
        last = error;
      }
      await sleep(RETRY_MS);
    }
    throw new Error(`a planned transfer did not get there: ${JSON.stringify(last)}`);
  }

  return {
    async plan() {
      const key = uuidv7();
      const startAt = new Date(Date.now() + DUE_AFTER_MS).toISOString().slice(0, 19);
      const schedule = { frequency: 'once', startAt, timeZone: 'UTC' };
      const body = { fromWalletId: from, toWalletId: to, amount: AMOUNT, schedule };
      const id = await ask(
        (client) => client.post(PATH, body, key),
        ({ status, body: made }) => (status === 201 ? (made as { id: string }).id : undefined),
      );
      plans.push(id);
    },
    async settled() {
      const told: Acknowledged[] = [];
      for (const id of plans) {
        const { transactionId } = await ask(
          (client) => client.get(`${PATH}/${id}/occurrences`),
          ({ body }) =>
            (body as { items?: ScheduledOccurrence[] }).items?.find(
              ({ status }) => status === 'completed',
            ),
        );
        told.push({
          key: id,
          path: '/v1/transfers',
          body: {},
          transactionId: transactionId ?? '',
          status: 'completed',
          walletId: from,
          counterpartyWalletId: to,
          amount: BigInt(AMOUNT),
          attempts: 1,
          startedMs: 0,
          atMs: performance.now(),
        });
      }
      return told;
    },
  };
}
