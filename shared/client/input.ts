import type { Operations } from './operations.ts';
import type { RequestInput } from './write-request.ts';

export type OperationName = keyof Operations;

/** Operations that answer page by page, and those that can be tried without being done. */
export type PagedOperation = {
  [O in OperationName]: Operations[O]['answer'] extends { items: readonly unknown[] } ? O : never;
}[OperationName];
export type TriedOperation = {
  [O in OperationName]: Operations[O] extends { tried: unknown } ? O : never;
}[OperationName];
/** Operations that carry an idempotency key: however often one is sent, it is done once. */
export type KeyedOperation = {
  [O in OperationName]: Operations[O] extends { keyed: true } ? O : never;
}[OperationName];

export type AnswerOf<O extends OperationName> = Operations[O]['answer'];
export type ItemOf<O extends PagedOperation> =
  AnswerOf<O> extends { items: readonly (infer Item)[] } ? Item : never;

/** What may be left out may be undefined as well: neither is sent. */
type Lenient<T> = T extends FormData | Blob | string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Lenient<Item>[]
    : { [N in keyof T]: Lenient<T[N]> | (IsOptional<T, N> extends true ? undefined : never) };

type IsOptional<T, N extends keyof T> = Record<string, never> extends Pick<T, N> ? true : false;

/** Everything in an address is text: a number of items is written for the caller. */
type Asked<Query> = {
  [N in keyof Query]:
    | Query[N]
    | (N extends 'limit' ? number : never)
    | (IsOptional<Query, N> extends true ? undefined : never);
};

type Filled<Name extends string, Fields> = keyof Fields extends never
  ? { [N in Name]?: undefined }
  : Record<string, never> extends Fields
    ? { [N in Name]?: Fields | undefined }
    : { [N in Name]: Fields };

export interface CallOptions {
  /** Names the wish. Where one is needed and none is given, each call is a wish of its own. */
  idempotencyKey?: string | undefined;
  /** `wait=10`, `respond-async`: how long the answer may take to be final. */
  prefer?: string | undefined;
  /** Ends the call: nobody waits for its answer any more. */
  signal?: AbortSignal | undefined;
  /** For one attempt of this call, where files are larger than answers. */
  timeoutMs?: number | undefined;
  /** For this call alone: one that tells how far a file has come. */
  fetch?: Fetch | undefined;
}

/** So much of `fetch` as is needed. */
export type Fetch = (address: string, init: RequestInit) => Promise<Response>;

export type Input<O extends OperationName> = Filled<'path', Operations[O]['path']> &
  Filled<'query', Asked<Operations[O]['query']>> &
  (Operations[O]['body'] extends undefined
    ? { body?: undefined }
    : { body: Lenient<Operations[O]['body']> }) &
  CallOptions;

export type AnyInput = RequestInput & CallOptions;

/** Left out when nothing has to be said. */
export type Given<O extends OperationName> =
  Record<string, never> extends Input<O> ? [input?: Input<O>] : [input: Input<O>];
