import type { BankListener } from './adapters/bank-listener.ts';
import type { Bank, BankSettings } from './domain/bank.ts';

/** A bank with the listener that makes it reachable. */
export interface ServedBank {
  readonly bank: Bank;
  readonly listener: BankListener;
  readonly change: ChangeBank;
}

/**
 * Changes the given settings of the running bank and keeps the others.
 * @throws the listen error when the port is not to be had; the bank then stays as it was
 */
export type ChangeBank = (changes: Partial<BankSettings>) => Promise<void>;

/**
 * A bank that is down refuses connections, so its listener is closed; its port stays its own.
 * Changes run one after the other: of two at the same time, one would open while the other closes,
 * and the bank would end up closed but said to be up.
 */
export function createChangeBank(bank: Bank, listener: BankListener): ChangeBank {
  let last: Promise<unknown> = Promise.resolve();

  async function apply(changes: Partial<BankSettings>): Promise<void> {
    const settings = { ...bank.settings, ...changes };
    const opens = settings.behaviour !== 'down';
    if (opens) await listener.open();
    bank.settings = settings;
    if (!opens) await listener.close();
  }

  return (changes) => {
    const mine = last.then(() => apply(changes));
    last = mine.catch(() => undefined);
    return mine;
  };
}
