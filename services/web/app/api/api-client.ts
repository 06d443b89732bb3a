import { FlorinProblem, type AnswerOf, type FlorinClient } from '@florin/client';
import type { Given, OperationName, PagedOperation, TriedOperation } from '@florin/client';
import type { ItemOf, Operations } from '@florin/client';
import type { Currency } from '@florin/kernel';

type CurrencyField = 'currency' | 'baseCurrency' | 'fromCurrency' | 'toCurrency';

/** An answer as the app reads it: it knows the currencies by their names, and owns its lists. */
export type Known<Answer> = Answer extends Blob
  ? Answer
  : Answer extends readonly (infer Item)[]
    ? Known<Item>[]
    : Answer extends object
      ? {
          -readonly [N in keyof Answer]: N extends CurrencyField
            ? Exclude<Answer[N], string> | Currency
            : Known<Answer[N]>;
        }
      : Answer;

/** The client of the API, as whoever is signed in. */
export interface ApiClient extends Pick<FlorinClient, 'file' | 'request' | 'events'> {
  call<O extends OperationName>(operation: O, ...given: Given<O>): Promise<Known<AnswerOf<O>>>;
  dryRun<O extends TriedOperation>(
    operation: O,
    ...given: Given<O>
  ): Promise<Known<Operations[O]['tried']>>;
  items<O extends PagedOperation>(
    operation: O,
    ...given: Given<O>
  ): AsyncGenerator<Known<ItemOf<O>>>;
}

/** Files are larger than answers, and lines may be slow. */
export const FILE_MS = 10 * 60_000;

export const codeOf = (error: unknown): string | undefined =>
  error instanceof FlorinProblem ? error.code : undefined;
