import type { RequestListener } from 'node:http';
import { openBankListener, type BankListener } from './bank-listener.ts';
import { onFreePort, readPortMap, writePortMap } from './port-plan.ts';

export interface DoorOptions {
  host: string;
  /** Without it a free one is searched, and kept for the next start where a file is given. */
  port: number | undefined;
  portsFile: string | undefined;
  random: () => number;
}

/** A door that has the same address each time; in the file it is called by its name. */
export async function openKeptDoor(
  name: string,
  handler: RequestListener,
  { host, port, portsFile, random }: DoorOptions,
): Promise<BankListener> {
  const take = (on: number): Promise<BankListener> => openBankListener(handler, host, on);
  if (port !== undefined) return take(port);
  const listener = await onFreePort(readPortMap(portsFile)[name], take, random);
  writePortMap(portsFile, { [name]: listener.port });
  return listener;
}
