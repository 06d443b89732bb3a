import { get, type ClientRequest, type IncomingMessage } from 'node:http';

/** One event as a client heard it, with how long after its decision it arrived. */
export interface Heard {
  position: string;
  transactionId: string;
  status: string;
  latencyMs: number;
}

export interface EventClient {
  readonly heard: readonly Heard[];
  readonly connected: () => boolean;
  /** How often it was connected, and how often told that it can't go on where it was. */
  readonly connections: () => number;
  readonly resets: () => number;
  stop(): void;
}

/** Browsers wait a second; here it is about what happens next, not about waiting. */
const RETRY_MS = 200;

const nowMs = (): number => performance.timeOrigin + performance.now();

/** Events carry microseconds, which Date cuts off. */
function microsecondsOf(time: string): number {
  const [, fraction = '0'] = /\.(\d+)Z$/.exec(time) ?? [];
  return Math.floor(Date.parse(time) / 1000) * 1000 + Number(`0.${fraction}`) * 1000;
}

/**
 * Listens to server-sent events as a browser does, at a price at which one process can be a
 * thousand: comes back after every end, to the next of several gateways, with the last id.
 */
export function startEventClient(urls: readonly string[], token: string, first = 0): EventClient {
  const heard: Heard[] = [];
  let [connections, resets, attempt] = [0, 0, first];
  let [connected, stopped] = [false, false];
  let last: string | undefined;
  let request: ClientRequest;
  let retrying: NodeJS.Timeout | undefined;

  function hear(block: string): void {
    const [id, name, data] = ['id: ', 'event: ', 'data: '].map((field) => {
      const at = block.indexOf(field);
      return at < 0 ? undefined : block.slice(at + field.length, block.indexOf('\n', at));
    });
    if (name === 'reset') resets += 1;
    if (id === undefined || data === undefined || !name?.startsWith('transaction-')) return;
    last = id;
    const { time, transaction } = JSON.parse(data) as {
      time: string;
      transaction: { id: string; status: string };
    };
    const latencyMs = nowMs() - microsecondsOf(time);
    const { id: transactionId, status } = transaction;
    heard.push({ position: id, transactionId, status, latencyMs });
  }

  function listen(response: IncomingMessage): void {
    if (response.statusCode !== 200) return void response.destroy();
    connected = true;
    connections += 1;
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        hear(text.slice(0, end + 1));
        text = text.slice(end + 2);
      }
    });
    response.on('error', () => response.destroy());
  }

  function comeBack(): void {
    connected = false;
    clearTimeout(retrying);
    if (!stopped) retrying = setTimeout(connect, RETRY_MS);
  }

  function connect(): void {
    const url = urls[attempt++ % urls.length] ?? '';
    request = get(new URL('/v1/events', url), {
      agent: false,
      headers: {
        authorization: `Bearer ${token}`,
        ...(last === undefined ? {} : { 'last-event-id': last }),
      },
    });
    request.on('response', listen).on('error', () => request.destroy());
    request.on('close', comeBack);
  }

  connect();
  return {
    heard,
    connected: () => connected,
    connections: () => connections,
    resets: () => resets,
    stop() {
      stopped = true;
      clearTimeout(retrying);
      request.destroy();
    },
  };
}
