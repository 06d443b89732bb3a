/** What the global setup of the integration tests hands to every test file through `inject`. */
declare module 'vitest' {
  interface ProvidedContext {
    /** The maintenance database of the run's Postgres, as superuser. */
    postgresUrl: string;
    /** The run's nats-server. Streams are shared by all files: name yours apart. */
    natsUrl: string;
  }
}

export {};
