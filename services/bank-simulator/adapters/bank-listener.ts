import type { RequestListener } from 'node:http';
import { listen, type HttpListener } from '@florin/runtime';

/**
 * The door of one bank. It can be closed and opened again, and always has the same port. Whoever
 * opens and closes it waits for one to end before the other.
 */
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
  return {
    url,
    port,
    isOpen: () => door !== undefined,
    async open() {
      door ??= await listen(handler, { host, port });
    },
    async close() {
      const open = door;
      door = undefined;
      await open?.close(0);
    },
  };
}
