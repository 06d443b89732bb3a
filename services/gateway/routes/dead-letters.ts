import { deadLettersView, deadLetterView, discardBody, lanesView } from '@florin/contracts';
import type { Clock } from '@florin/kernel';
import type { RecordAction } from '@florin/messaging';
import type { DeadLetters } from '../adapters/dead-letters.ts';
import type { Lanes } from '../adapters/lanes.ts';
import { refusal } from '../domain/refusal.ts';
import { route, type Route } from '../rest/route.ts';
import { createTellAction } from '../tell-action.ts';

interface DeadLetterDeps {
  deadLetters: DeadLetters;
  lanes: Pick<Lanes, 'listLanes'>;
  record: RecordAction;
  clock: Clock;
}

const SHARED = { tag: 'Operators', access: 'admin' } as const;

/** How far the ordered partitions are, and the messages in them that nobody can handle. */
export function deadLetterRoutes(deps: DeadLetterDeps): Route[] {
  const { deadLetters, lanes } = deps;
  const tell = createTellAction(deps);
  const find = async (id: string) => (await deadLetters.list()).find((one) => one.id === id);
  const unknown = (id: string) => refusal('not-found', `there is no dead letter ${id}`);
  return [
    route({
      ...SHARED,
      method: 'GET',
      path: '/v1/admin/lanes',
      summary: 'How far the ordered partitions are',
      answers: { 200: { description: 'One per partition', schema: lanesView } },
      async handle() {
        const { lanes: items } = await lanes.listLanes({});
        return { status: 200, body: { items } };
      },
    }),
    route({
      ...SHARED,
      method: 'GET',
      path: '/v1/admin/dead-letters',
      summary: 'Messages that nobody can handle, newest first',
      answers: { 200: { description: 'The newest of them', schema: deadLettersView } },
      handle: async () => ({
        status: 200,
        body: { items: await deadLetters.list(), nextCursor: null },
      }),
    }),
    route({
      ...SHARED,
      method: 'POST',
      path: '/v1/admin/dead-letters/:id/retry',
      summary: 'Have its reader handle a message again',
      description:
        'Consumers of events take every message more than once, so that this never does anything ' +
        'twice. What was handled is removed; what still can not be handled stays. Orders in the ' +
        'lanes of the ledger are not taken again: nothing was booked, and who pays sends it anew.',
      answers: { 200: { description: 'What was handled', schema: deadLetterView } },
      problems: ['not-found', 'not-retryable'],
      async handle(call) {
        const { id } = call.params;
        const letter = await find(id);
        if (letter === undefined) return unknown(id);
        const done = await deadLetters.redeliver(id);
        switch (done.outcome) {
          case 'unknown':
            return unknown(id);
          case 'not-retryable':
            return refusal('not-retryable', 'its reader takes no message again');
          case 'refused':
            return refusal('not-retryable', `it can still not be handled: ${done.problem}`);
          case 'handled':
            await tell(call, 'dead-letter-retried', id, {
              before: letter.reason,
              after: `${letter.reader}: ${letter.place}`,
            });
            return { status: 200, body: letter };
        }
      },
    }),
    route({
      ...SHARED,
      method: 'POST',
      path: '/v1/admin/dead-letters/:id/discard',
      summary: 'Remove a message that has been dealt with',
      body: discardBody,
      bodyOptional: true,
      answers: { 204: { description: 'It is gone' } },
      problems: ['not-found'],
      async handle(call) {
        const { id } = call.params;
        const { note } = call.body;
        const letter = await find(id);
        if (letter === undefined || !(await deadLetters.discard(id))) return unknown(id);
        await tell(call, 'dead-letter-discarded', id, {
          before: `${letter.reader}: ${letter.place}: ${letter.reason}`.slice(0, 2000),
          ...(note === undefined ? {} : { note }),
        });
        return { status: 204 };
      },
    }),
  ];
}
