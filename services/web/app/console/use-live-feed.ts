import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { TransactionView } from '../api/answers.ts';
import { hearEvents } from '../api/hear-events.ts';
import { useParts } from '../api/parts.ts';
import { advance, emptyFeed, hear, TICK_MS, type LiveFeed } from './live-feed.ts';

/** All that happens on the platform, from the moment this page was opened. */
export function useLiveFeed(): { feed: LiveFeed; live: boolean } {
  const { api } = useParts();
  const queryClient = useQueryClient();
  const [feed, setFeed] = useState(() => emptyFeed(Date.now()));
  const [live, setLive] = useState(false);
  useEffect(() => {
    const clock = setInterval(() => setFeed((before) => advance(before, Date.now())), TICK_MS);
    const stop = hearEvents(api, {
      scope: 'all',
      onEvent({ data }) {
        const { transaction } = data as { transaction?: TransactionView };
        if (transaction === undefined) return;
        setFeed((before) => hear(before, transaction, Date.now()));
        if (transaction.review) void queryClient.invalidateQueries({ queryKey: ['admin'] });
      },
      onLive: setLive,
    });
    return () => {
      stop();
      clearInterval(clock);
    };
  }, [api, queryClient]);
  return { feed, live };
}
