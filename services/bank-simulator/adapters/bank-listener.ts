import type { RequestListener } from 'node:http';
import { listen, type HttpListener } from '@florin/runtime';

/** The door of one bank. It can be closed and opened again, and always has the same port. */
export interface BankListener {
  readonly url: string;
  readonly port: number;
  isOpen(): boolean;
  /** @throws the listen error, when somebody else took the port in the meantime */
  open(): Promise<void>;
  /** Closes at once and cuts off calls under way, as a bank that went down would. */
  close(): Promise<void>;
}

/** Opens the door on the given port. */
export async function openBankListener(
  handler: RequestListener,
  host: string,
  port: number,
): Promise<BankListener> {
  let door: HttpListener | undefined = await listen(handler, { host, port });
  const { url } = door;
  let last: Promise<unknown> = Promise.resolve();

  /** One change after the other: two at the same time would both see the old state. */
  function inTurn(change: () => Promise<void>): Promise<void> {
    const mine = last.then(change);
    last = mine.catch(() => undefined);
    return mine;
  }

  return {
    url,
    port,
    isOpen: () => door !== undefined,
    open: () =>
      inTurn(async () => {
        door ??= await listen(handler, { host, port });
      }),
    close: () =>
      inTurn(async () => {
        const open = door;
        door = undefined;
        await open?.close(0);
      }),
  };
}
