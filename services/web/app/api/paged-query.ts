import { infiniteQueryOptions } from '@tanstack/react-query';
import type { Page } from './answers.ts';
import type { ApiClient } from './api-client.ts';

const PAGE = 25;

/** A list that comes page by page, for as long as somebody asks for more of it. */
export const createPagedQuery =
  ({ call }: Pick<ApiClient, 'call'>) =>
  <Item>(
    queryKey: readonly unknown[],
    path: string,
    query: Readonly<Record<string, string | number | undefined>> = {},
  ) =>
    infiniteQueryOptions({
      queryKey,
      queryFn: ({ signal, pageParam }) =>
        call<Page<Item>>('GET', path, {
          query: { limit: PAGE, ...query, cursor: pageParam },
          signal,
        }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    });
