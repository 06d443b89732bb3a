import type { ServerResponse } from 'node:http';
import type { Position } from './position.ts';
import { positionText } from './position.ts';
import type { EventView } from './event-view.ts';

/** A proxy that hears nothing for longer would hang up. */
const HEARTBEAT_MS = 15_000;
/** Clients come back after this, and go on where they were. */
const RETRY_MS = 1_000;
/** A client that reads slower than its wallets live is let go: it comes back behind nothing. */
const UNREAD_BYTES_MAX = 1_000_000;

export interface EventConnection {
  send(position: Position, view: EventView): void;
  /** What was missed can't be told any more: the client must read its wallets anew. */
  reset(): void;
  end(): void;
}

/**
 * Writes server-sent events (HTML Living Standard, 9.2). Ends by itself when the client goes, reads
 * too slowly, or `lifeMs` is over: its access token ends too, and a new one must be shown.
 */
export function openEventConnection(
  response: ServerResponse,
  options: { lifeMs: number; onEnd(): void },
): EventConnection {
  const heartbeat = setInterval(() => write(':\n\n'), HEARTBEAT_MS);
  const life = setTimeout(end, options.lifeMs);
  response.on('close', () => {
    clearInterval(heartbeat);
    clearTimeout(life);
    options.onEnd();
  });
  write(`retry: ${RETRY_MS}\n\n`);

  function write(text: string): void {
    if (response.writableEnded || response.destroyed) return;
    response.write(text);
    if (response.writableLength > UNREAD_BYTES_MAX) response.destroy();
  }

  function end(): void {
    response.end();
  }

  return {
    send(position, { name, json }) {
      write(`id: ${positionText(position)}\nevent: ${name}\ndata: ${json}\n\n`);
    },
    reset() {
      write('id\nevent: reset\ndata: {}\n\n');
      end();
    },
    end,
  };
}
