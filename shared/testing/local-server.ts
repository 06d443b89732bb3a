import type { Exit } from './server-process.ts';

/** A server that was started here, and how to treat it well or badly. */
export interface LocalServer extends AsyncDisposable {
  readonly url: string;
  /** Of the process now running. */
  readonly pid: number;
  /** Settles when the process now running has ended, whoever ended it. */
  readonly exited: Promise<Exit>;
  /** Lets it end in order, and waits. */
  stop(): Promise<void>;
  /** kill -9 of the process and of all its children, as when a container is killed. */
  kill9(): Promise<void>;
  /** Starts it again, on the same port and data; stops it first when it runs. */
  restart(): Promise<void>;
  /** SIGSTOP to the whole server: connections stay open, nothing answers. */
  pause(): void;
  resume(): void;
}
