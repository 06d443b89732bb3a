import { connect, type Socket } from 'node:net';

/**
 * A load generator that costs as little as it can, since it shares the cores with what it measures:
 * raw sockets with keep-alive, one request at a time on each, answers read by Content-Length.
 */
export interface HttpLoad {
  host: string;
  port: number;
  connections: number;
  /** The next request, as bytes of HTTP. */
  next(): { head: string; body: string };
  /** Requests a second over all connections; unlimited when absent. */
  perSecond?: number;
  seconds: number;
}

export interface HttpResult {
  requests: number;
  seconds: number;
  statuses: Record<string, number>;
  latenciesMs: number[];
}

interface Line {
  socket: Socket;
  sentMs: number;
  buffer: Buffer;
  busy: boolean;
}

export async function loadHttp(load: HttpLoad): Promise<HttpResult> {
  const statuses: Record<string, number> = {};
  const latenciesMs: number[] = [];
  const startedMs = performance.now();
  const untilMs = startedMs + load.seconds * 1000;
  let requests = 0;
  let ended = 0;
  const free: Line[] = [];
  /** With an arrival rate: when requests that found no free connection should have been sent. */
  const late: number[] = [];
  const done = Promise.withResolvers<void>();

  function send(line: Line, dueMs: number): void {
    const { head, body } = load.next();
    line.sentMs = dueMs;
    line.busy = true;
    line.socket.write(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  function finished(line: Line, status: string): void {
    const nowMs = performance.now();
    requests += 1;
    statuses[status] = (statuses[status] ?? 0) + 1;
    latenciesMs.push(nowMs - line.sentMs);
    line.busy = false;
    if (nowMs >= untilMs) {
      ended += 1;
      if (ended === load.connections) done.resolve();
      return;
    }
    if (load.perSecond === undefined) return send(line, nowMs);
    const dueMs = late.shift();
    if (dueMs === undefined) free.push(line);
    else send(line, dueMs);
  }

  function onData(line: Line, data: Buffer): void {
    line.buffer = line.buffer.length === 0 ? data : Buffer.concat([line.buffer, data]);
    const headEnd = line.buffer.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const head = line.buffer.toString('latin1', 0, headEnd);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (line.buffer.length < headEnd + 4 + length) return;
    line.buffer = line.buffer.subarray(headEnd + 4 + length);
    finished(line, head.slice(9, 12));
  }

  const lines = await Promise.all(
    Array.from({ length: load.connections }, () => openLine(load, onData)),
  );
  if (load.perSecond === undefined) {
    for (const line of lines) send(line, performance.now());
  } else {
    free.push(...lines);
    arrive(load.perSecond, startedMs, untilMs, (dueMs) => {
      const line = free.pop();
      if (line === undefined) late.push(dueMs);
      else send(line, dueMs);
    });
    setTimeout(() => {
      ended += free.length;
      free.length = 0;
      if (ended >= load.connections) done.resolve();
    }, load.seconds * 1000);
  }
  await done.promise;
  for (const { socket } of lines) socket.destroy();
  return { requests, seconds: (performance.now() - startedMs) / 1000, statuses, latenciesMs };
}

function openLine(
  { host, port }: HttpLoad,
  onData: (line: Line, data: Buffer) => void,
): Promise<Line> {
  const socket = connect({ host, port, noDelay: true });
  const line: Line = { socket, sentMs: 0, buffer: Buffer.alloc(0), busy: false };
  socket.on('data', (data) => onData(line, data));
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(line));
    socket.once('error', reject);
  });
}

/** Calls `send` at a steady rate, however the answers come: an open arrival. */
function arrive(
  perSecond: number,
  startedMs: number,
  untilMs: number,
  send: (dueMs: number) => void,
): void {
  let arrived = 0;
  const timer = setInterval(() => {
    const nowMs = Math.min(performance.now(), untilMs);
    const due = Math.floor(((nowMs - startedMs) / 1000) * perSecond);
    for (; arrived < due; arrived++) send(startedMs + (arrived / perSecond) * 1000);
    if (nowMs >= untilMs) clearInterval(timer);
  }, 1);
}
