/** One server-sent event as it arrived. */
export interface HeardEvent {
  id: string;
  name: string;
  data: Record<string, unknown>;
  atMs: number;
}

/** Listens as a browser does: comes back after every end, with the id of the last event. */
export interface Listener extends AsyncDisposable {
  heard: HeardEvent[];
  /** Connections that were answered so far. */
  connections(): number;
}

function readField(block: string, field: string): string | undefined {
  const line = block.split('\n').find((one) => one === field || one.startsWith(`${field}:`));
  return line?.slice(field.length + 1).trimStart();
}

/** @param urls tried in turn: several gateways that stand for each other */
export function listenToEvents(urls: readonly string[], token: string, after?: string): Listener {
  const heard: HeardEvent[] = [];
  const stopping = new AbortController();
  let connections = 0;
  let last = after;

  function hear(block: string): void {
    const data = readField(block, 'data');
    const id = readField(block, 'id');
    if (id !== undefined) last = id;
    if (data === undefined) return;
    const name = readField(block, 'event') ?? '';
    heard.push({ id: id ?? '', name, data: JSON.parse(data), atMs: performance.now() });
  }

  async function listenOnce(url: string): Promise<void> {
    const response = await fetch(new URL('/v1/events', url), {
      headers: {
        authorization: `Bearer ${token}`,
        ...(last === undefined ? {} : { 'last-event-id': last }),
      },
      signal: stopping.signal,
    });
    if (response.status !== 200 || response.body === null) return;
    connections += 1;
    let text = '';
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      const blocks = (text + chunk).split('\n\n');
      text = blocks.pop() ?? '';
      blocks.forEach(hear);
    }
  }

  async function run(): Promise<void> {
    for (let attempt = 0; !stopping.signal.aborted; attempt++) {
      await listenOnce(urls[attempt % urls.length] ?? '').catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  const running = run();
  return {
    heard,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await running;
    },
  };
}
