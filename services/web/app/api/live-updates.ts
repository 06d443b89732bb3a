import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { WalletView } from './answers.ts';
import { hearEvents } from './hear-events.ts';
import { useParts } from './parts.ts';

/** While nothing tells us, we ask. */
const POLL_MS = 3000;
/** Even while we are told: a line may be dead without anybody noticing. */
const POLL_WHILE_LIVE_MS = 30_000;

const TOUCHED = [
  'wallets',
  'wallet',
  'transactions',
  'transaction',
  'entries',
  'notifications',
] as const;

/** A wallet's version grows with every change of it. */
const versionsOf = (wallets: WalletView[]): string =>
  wallets.map(({ id, version, status }) => `${id}:${version}:${status}`).join();

/**
 * Keeps what is shown true while others move money: whoever has a wallet on the screen sees its new
 * balance and its new transactions at once. Only this place knows how news come: the API tells
 * them, and while it can not, it is asked.
 */
export function useLiveUpdates(): void {
  const { queries, api } = useParts();
  const queryClient = useQueryClient();
  const [live, setLive] = useState(false);
  const { data: wallets } = useQuery({
    ...queries.wallets(),
    refetchInterval: live ? POLL_WHILE_LIVE_MS : POLL_MS,
  });

  useEffect(() => {
    const refresh = (): void => {
      for (const key of TOUCHED) void queryClient.invalidateQueries({ queryKey: [key] });
    };
    return hearEvents(api, { scope: 'own', onEvent: refresh, onLive: setLive });
  }, [api, queryClient]);

  const seen = useRef<string>(undefined);
  useEffect(() => {
    if (wallets === undefined) return;
    const versions = versionsOf(wallets);
    const before = seen.current;
    seen.current = versions;
    if (before === undefined || before === versions) return;
    for (const key of TOUCHED.slice(1)) {
      void queryClient.invalidateQueries({ queryKey: [key] });
    }
  }, [wallets, queryClient]);
}
