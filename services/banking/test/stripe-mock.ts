import { spawn } from 'node:child_process';
import { eventually, freePort } from '@florin/testing';

/** Stripe's own stand-in: it knows each call and parameter of the API, and remembers nothing. */
export interface StripeMock extends AsyncDisposable {
  url: string;
}

/** Undefined on a machine that does not have it: STRIPE_MOCK is the path of its program. */
export async function startStripeMock(): Promise<StripeMock | undefined> {
  const path = process.env['STRIPE_MOCK'];
  if (path === undefined) return undefined;
  const [http, https] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
  const child = spawn(path, ['-http-addr', http, '-https-addr', https], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://${http}`;
  await eventually(() => fetch(url).then(() => true));
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
