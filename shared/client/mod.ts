export * from './client.ts';
export type { Credentials } from './credentials.ts';
export type { LiveEvent } from './follow-events.ts';
export * from './florin-problem.ts';
export type {
  Entry,
  Operations,
  Problem,
  TokenPair,
  Transaction,
  User,
  Wallet,
} from './operations.ts';
export * from './verify-webhook.ts';
