export { sql } from 'slonik';
export type { PoolOptions } from './connection-options.ts';
export * from './database.ts';
export * from './ensure-database.ts';
export * from './hot-pool.ts';
export * from './hot-transaction.ts';
export * from './is-transient.ts';
export * from './lease-keeper.ts';
export { migrate, withClient } from './migrate.ts';
