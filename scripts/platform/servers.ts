import { serverUsers } from '@florin/messaging';
import {
  findNatsServer,
  startNats,
  startPostgres,
  type NatsServer,
  type PostgresServer,
} from '@florin/testing';
import { supervise, type Run, type Supervised, type SupervisorEvents } from './supervisor.ts';
import type { Secrets } from './secrets.ts';
import { NATS, POSTGRES, type StateFolder } from './state-folder.ts';

/** A server that everything else needs: our own under supervision, or somebody else's. */
export interface Backbone {
  url: string;
  /** Where it came from, for people. */
  how: string;
  supervised?: Supervised;
}

interface Server {
  readonly pid: number;
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  stop(): Promise<void>;
  restart(): Promise<void>;
}

/** Starts anew what ended; the first start has been made by the caller. */
function superviseServer(name: string, server: Server, events: SupervisorEvents): Supervised {
  let first = true;
  return supervise(
    {
      name,
      async launch(): Promise<Run> {
        if (!first) await server.restart();
        first = false;
        const ended = server.exited.then(({ code, signal }) =>
          signal ? `killed by ${signal}` : `ended with ${code}`,
        );
        return { pid: server.pid, ready: Promise.resolve(), ended, stop: () => server.stop() };
      },
    },
    events,
  );
}

export async function startPostgresBackbone(
  state: StateFolder,
  events: SupervisorEvents,
  settings: Record<string, string> = {},
): Promise<Backbone> {
  const dataDir = state.file(POSTGRES);
  const server: PostgresServer = await startPostgres({ dataDir, settings });
  const supervised = superviseServer('postgres', server, events);
  return { url: server.url, how: `embedded, port ${server.port}`, supervised };
}

export async function startNatsBackbone(
  state: StateFolder,
  events: SupervisorEvents,
  { natsSeeds: seeds, natsObserverPassword: observerPassword }: Secrets,
  progress: (line: string) => void,
): Promise<Backbone> {
  const binary = await findNatsServer(process.env, progress);
  const authorization = serverUsers({ seeds, observerPassword });
  const server: NatsServer = await startNats({ dir: state.file(NATS), binary, authorization });
  const supervised = superviseServer('nats-server', server, events);
  return { url: server.url, how: `${binary.version} (${binary.how}), ${server.url}`, supervised };
}
