export * from './client.ts';
export type { Credentials } from './credentials.ts';
export type { FollowOptions, LiveEvent } from './follow-events.ts';
export * from './florin-problem.ts';
export type * from './input.ts';
export * from './keep-token.ts';
export type {
  Entry,
  Operations,
  Problem,
  TokenPair,
  Transaction,
  User,
  Wallet,
} from './operations.ts';
export { waitFor, type Wait } from './repeat-call.ts';
export * from './verify-webhook.ts';
