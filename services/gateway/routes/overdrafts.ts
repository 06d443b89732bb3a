import { overdraftBody, walletView } from '@florin/contracts';
import type { Clock } from '@florin/kernel';
import type { RecordAction } from '@florin/messaging';
import type { WalletDirectory } from '../adapters/wallet-directory.ts';
import type { ChangeOverdraft } from '../change-wallet.ts';
import { isRefusal, walletNotFound } from '../domain/refusal.ts';
import { route, type Route } from '../rest/route.ts';
import { createTellAction } from '../tell-action.ts';

interface OverdraftRouteDeps {
  directory: Pick<WalletDirectory, 'read'>;
  changeOverdraft: ChangeOverdraft;
  /** Tells the audit log. */
  record: RecordAction;
  clock: Clock;
}

export function overdraftRoutes(deps: OverdraftRouteDeps): Route[] {
  const tell = createTellAction(deps);
  return [
    route({
      method: 'PUT',
      path: '/v1/admin/wallets/:id/overdraft',
      tag: 'Operators',
      summary: 'Let a wallet go below zero, so far',
      description:
        'What is available may then be as much less than 0: payments, withdrawals and holds use ' +
        'it alike. A limit below what is used already is refused.',
      access: 'admin',
      body: overdraftBody,
      answers: { 200: { description: 'The wallet', schema: walletView } },
      problems: ['not-found', 'wallet-closed', 'overdraft-in-use'],
      async handle(call) {
        const { params, body, requestId } = call;
        const before = await deps.directory.read(params.id);
        if (before === undefined) return walletNotFound(params.id);
        const change = await deps.changeOverdraft(params.id, body.limit, requestId);
        if (isRefusal(change)) return change;
        await tell(call, 'overdraft-changed', params.id, {
          before: before.overdraftLimit ?? '0',
          after: body.limit,
          note: body.reason,
        });
        return { status: 200, body: change.wallet };
      },
    }),
  ];
}
