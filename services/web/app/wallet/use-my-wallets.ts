import { useSuspenseQuery } from '@tanstack/react-query';
import type { WalletView } from '../api/answers.ts';
import { useParts } from '../api/parts.ts';

/** The person's own wallets; the shell has loaded them before any page is shown. */
export function useMyWallets() {
  const { queries } = useParts();
  const { data: wallets } = useSuspenseQuery(queries.wallets());
  const byId = new Map(wallets.map((wallet) => [wallet.id, wallet]));
  return {
    wallets,
    /** Those that money can be moved with, in the order in which they were opened. */
    open: wallets.toReversed().filter(({ status }) => status !== 'closed'),
    find: (id: string | undefined): WalletView | undefined =>
      id === undefined ? undefined : byId.get(id),
    isMine: (id: string): boolean => byId.has(id),
  };
}
