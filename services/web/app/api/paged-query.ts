import type { AnyInput, ItemOf, PagedOperation } from '@florin/client';
import { infiniteQueryOptions } from '@tanstack/react-query';
import type { Page } from './answers.ts';
import type { ApiClient, Known } from './api-client.ts';

const PAGE = 25;

/** A list that comes page by page, for as long as somebody asks for more of it. */
export const createPagedQuery =
  ({ request }: Pick<ApiClient, 'request'>) =>
  <O extends PagedOperation>(
    queryKey: readonly unknown[],
    operation: O,
    { path, query }: Pick<AnyInput, 'path' | 'query'> = {},
  ) =>
    infiniteQueryOptions({
      queryKey,
      queryFn: ({ signal, pageParam }) =>
        request(operation, {
          path,
          query: { limit: PAGE, ...query, cursor: pageParam },
          signal,
        }) as Promise<Page<Known<ItemOf<O>>>>,
      initialPageParam: undefined as string | undefined,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    });
