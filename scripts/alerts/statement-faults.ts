import { eventually } from '@florin/testing';
import type { Fault } from './fault.ts';
import { signInOperator } from './sign-in-operator.ts';
import type { Stage } from './stage.ts';

const SOON = { timeoutMs: 60_000 };
/** Longer ago than the other side may book later. */
const A_WHILE_MS = 20 * 60_000;

const slips = ({ proxied }: Stage, method: string, body?: object): Promise<unknown> =>
  fetch(new URL('/control/banks/ok/slips', proxied.platform.dev().bankSimulatorUrl), {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });

async function fetchStatements(stage: Stage): Promise<void> {
  const operator = await signInOperator(stage);
  operator.expect(await operator.post('/v1/admin/statements/fetch', { bank: 'ok' }), 200);
}

/** Faults of banks that tell otherwise than they have booked, or nothing. */
export const STATEMENT_FAULTS: Fault[] = [
  {
    name: 'a bank says what nobody has asked it for',
    alerts: ['StatementBreaksOpen'],
    async cause(stage) {
      const bookedAt = new Date(Date.now() - A_WHILE_MS).toISOString();
      const money = { direction: 'credit', amount: '700', currency: 'USD' };
      await slips(stage, 'POST', { kind: 'extra', ...money, bookedAt });
      await fetchStatements(stage);
      const old = `UPDATE statement_breaks SET found_at = found_at - interval '1 day'
                    WHERE status = 'open' RETURNING id`;
      await eventually(async () => (await stage.sql('banking', old)).length > 0, SOON);
    },
    async cure(stage) {
      await slips(stage, 'DELETE');
      await fetchStatements(stage);
    },
  },
  {
    name: 'statements can’t be written down, and the last ones were damaged',
    alerts: ['StatementsStale', 'StatementUnexplained'],
    async cause(stage) {
      await fetchStatements(stage);
      await stage.sql('banking', 'REVOKE UPDATE ON bank_statements FROM florin_banking');
      await stage.sql('banking', 'UPDATE bank_statements SET closing = closing + 5');
      await stage.sql(
        'banking',
        `UPDATE bank_accounts SET statement_until = statement_until - interval '2 days'`,
      );
    },
    async cure(stage) {
      await stage.sql('banking', 'GRANT UPDATE ON bank_statements TO florin_banking');
      await fetchStatements(stage);
    },
  },
];
