import { createFlorinClient } from '@florin/client';
import { uuidv7 } from '@florin/kernel';
import { QueryClient } from '@tanstack/react-query';
import { createContext, use } from 'react';
import type { ApiClient } from './api-client.ts';
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
  attempts: PaymentAttempts;
}

/** Nobody looks at a page for longer than this without being told what is wrong. */
const WAIT_MS_MAX = 5000;

/** Tabs of this browser take turns: they share one refresh token, and it works once. */
const exclusively = <T>(work: () => Promise<T>): Promise<T> =>
  navigator.locks.request('florin.session', work);

/** Waits, but not longer than the connection is away, or somebody wants an answer. */
function wait(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      removeEventListener('online', finish);
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    addEventListener('online', finish);
    signal?.addEventListener('abort', finish);
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
  const around = {
    baseUrl: '',
    // Tells this browser from others of the same person: fraud checks ask for it.
    headers: { 'x-device-id': deviceId() },
    fetch: browserFetch,
    wait,
    waitMsMax: WAIT_MS_MAX,
  };
  const { request } = createFlorinClient(around);
  const session = createSession({ request, exclusively, nowMs });
  const api = createFlorinClient({ ...around, credentials: { tokens: session } }) as ApiClient;
  // The client asks again where that may help.
  const queries = { retry: false, staleTime: 2000 };
  const queryClient = new QueryClient({ defaultOptions: { queries } });
  const attempts = createPaymentAttempts({
    storage: sessionStorage,
    request: api.request,
    newKey: uuidv7,
    now: () => new Date(),
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
