import { uuidv7 } from '@florin/kernel';
import { QueryClient } from '@tanstack/react-query';
import { createContext, use } from 'react';
import type { TransactionView } from './answers.ts';
import { createApiClient, type ApiClient } from './api-client.ts';
import { isPassing } from './api-problem.ts';
import { takeEarlyAnswers, withEarlyAnswers } from './early-answers.ts';
import { createPaymentAttempts, type PaymentAttempts } from './payment-attempts.ts';
import { createQueries, type Queries } from './queries.ts';
import { createSession, type Session } from './session.ts';

/** What the app is made of besides what is seen. */
export interface Parts {
  session: Session;
  api: ApiClient;
  queries: Queries;
  queryClient: QueryClient;
  attempts: PaymentAttempts<TransactionView>;
}

const RETRIES_MAX = 2;

/** Tabs of this browser take turns: they share one refresh token, and it works once. */
const exclusively = <T>(work: () => Promise<T>): Promise<T> =>
  navigator.locks.request('florin.session', work);

/** Waits, but not longer than the connection is away. */
function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      removeEventListener('online', finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    addEventListener('online', finish);
  });
}

/** The same for as long as this browser keeps what it stores. */
function deviceId(): string {
  const name = 'florin.device';
  const known = localStorage.getItem(name) ?? uuidv7();
  localStorage.setItem(name, known);
  return known;
}

export function createParts(): Parts {
  const nowMs = (): number => Date.now();
  const browserFetch = withEarlyAnswers(
    (path, init) => fetch(path, init),
    takeEarlyAnswers(),
    nowMs,
  );
  const session = createSession({ fetch: browserFetch, exclusively, nowMs });
  const api = createApiClient({ session, deviceId: deviceId(), fetch: browserFetch });
  const queryClient = new QueryClient({
    defaultOptions: {
      queries: {
        retry: (failures, error) => failures < RETRIES_MAX && isPassing(error),
        staleTime: 2000,
      },
    },
  });
  const attempts = createPaymentAttempts<TransactionView>({
    storage: sessionStorage,
    send: ({ path, body, key }) => api.call('POST', path, { body, idempotencyKey: key }),
    newKey: uuidv7,
    now: () => new Date(),
    wait,
  });
  return { session, api, queries: createQueries(api), queryClient, attempts };
}

const PartsContext = createContext<Parts | undefined>(undefined);
export const PartsProvider = PartsContext.Provider;

export function useParts(): Parts {
  const parts = use(PartsContext);
  if (parts === undefined) throw new Error('this is used outside of the app');
  return parts;
}
