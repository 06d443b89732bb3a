import type { Database } from '@florin/postgres';

/** What a query needs: the pool, or one connection inside a database transaction. */
export type Queries = Pick<Database['slonik'], 'any' | 'maybeOne' | 'one' | 'query'>;
