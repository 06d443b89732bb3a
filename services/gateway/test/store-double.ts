import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** How it treats commands: answers, keeps silent, or hangs up. */
export type StoreManner = 'answers' | 'silent' | 'away';

/**
 * Stands in for Redis where a test needs it to hang or to be away at the right moment: the few
 * commands that the gateway uses, in its protocol (RESP 2).
 */
export interface StoreDouble extends AsyncDisposable {
  readonly url: string;
  manner: StoreManner;
  readonly keys: ReadonlyMap<string, string>;
}

/** Takes whole commands off the front of what has arrived. */
function takeCommands(text: string): { commands: string[][]; rest: string } {
  const commands: string[][] = [];
  for (;;) {
    const head = /^\*(\d+)\r\n/.exec(text);
    if (head === null) return { commands, rest: text };
    let at = head[0].length;
    const words: string[] = [];
    for (let left = Number(head[1]); left > 0; left--) {
      const length = /^\$(\d+)\r\n/.exec(text.slice(at));
      if (length === null) return { commands, rest: text };
      const start = at + length[0].length;
      at = start + Number(length[1]) + 2;
      if (at > text.length) return { commands, rest: text };
      words.push(text.slice(start, at - 2));
    }
    commands.push(words);
    text = text.slice(at);
  }
}

const bulk = (text: string | undefined): string =>
  text === undefined ? '$-1\r\n' : `$${text.length}\r\n${text}\r\n`;

export async function startStoreDouble(): Promise<StoreDouble> {
  const keys = new Map<string, string>();
  const sockets = new Set<Socket>();

  function execute([name = '', key = '', value = '', ...options]: string[]): string {
    switch (name.toLowerCase()) {
      case 'get':
        return bulk(keys.get(key));
      case 'set':
        if (options.some((one) => one.toLowerCase() === 'nx') && keys.has(key))
          return bulk(undefined);
        keys.set(key, value);
        return '+OK\r\n';
      case 'unlink':
        return `:${[key, value, ...options].filter((one) => keys.delete(one)).length}\r\n`;
      case 'info':
        return bulk('redis_version:7.0.0\r\nloading:0\r\n');
      default:
        return '+OK\r\n';
    }
  }

  const server = createServer((socket) => {
    if (double.manner === 'away') return void socket.destroy();
    sockets.add(socket);
    let text = '';
    socket.setEncoding('latin1');
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (data: string) => {
      const { commands, rest } = takeCommands(text + data);
      text = rest;
      if (double.manner === 'silent') return;
      socket.write(commands.map(execute).join(''), 'latin1');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  let manner: StoreManner = 'answers';
  const double: StoreDouble = {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    keys,
    get manner() {
      return manner;
    },
    set manner(next) {
      manner = next;
      if (next === 'away') for (const socket of sockets) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return double;
}
