import type { BankListener } from './adapters/bank-listener.ts';
import type { Bank, BankSettings } from './domain/bank.ts';

/** A bank with the listener that makes it reachable. */
export interface ServedBank {
  readonly bank: Bank;
  readonly listener: BankListener;
}

/**
 * Changes the given settings of a running bank and keeps the others. A bank that is down refuses
 * connections, so its listener is closed; its port stays its own.
 * @throws the listen error when the port is not to be had; the bank then stays as it was
 */
export async function changeBank(
  { bank, listener }: ServedBank,
  changes: Partial<BankSettings>,
): Promise<void> {
  const settings = { ...bank.settings, ...changes };
  const opens = settings.behaviour !== 'down';
  if (opens) await listener.open();
  bank.settings = settings;
  if (!opens) await listener.close();
}
