import { createServer, connect as dial, type AddressInfo, type Socket } from 'node:net';

/** An address that stays while what is behind it changes, as a virtual IP or a Service is. */
export interface SwitchableProxy extends AsyncDisposable {
  port: number;
  /** New connections go there; those that are open end. */
  switchTo(port: number): void;
}

export async function startProxy(firstPort: number): Promise<SwitchableProxy> {
  let target = firstPort;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = dial(target, '127.0.0.1');
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
      socket.on('error', () => [client, upstream].forEach((one) => one.destroy()));
    }
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    switchTo(next) {
      target = next;
      for (const socket of open) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
