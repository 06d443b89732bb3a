import type { Logger } from '@florin/runtime';
import type { RequestListener } from 'node:http';
import { openBankListener, type BankListener } from './adapters/bank-listener.ts';
import type { PaymentJournal } from './adapters/payment-journal.ts';
import { onFreePort, readPortMap, writePortMap } from './adapters/port-plan.ts';
import { createChangeBank, type ServedBank } from './change-bank.ts';
import { openBank, type Bank, type BankSettings } from './domain/bank.ts';
import type { Behaviour } from './domain/behaviour.ts';

export interface OpenBanksOptions {
  log: Logger;
  host: string;
  banks: readonly { name: string; behaviour: Behaviour }[];
  settings: Omit<BankSettings, 'behaviour'>;
  /** The banks listen on this port and those after it. Without it free ports are searched. */
  basePort: number | undefined;
  /** Where found ports are kept for the next start. */
  portsFile: string | undefined;
  journal: PaymentJournal;
  createHandler: (bank: Bank) => RequestListener;
  random: () => number;
}

/** Gives the banks back what they had recorded before this process started. */
function recall(
  banks: ReadonlyMap<string, ServedBank>,
  journal: PaymentJournal,
  log: Logger,
): void {
  let strange = 0;
  for (const { bankName, payment } of journal.recorded) {
    const served = banks.get(bankName);
    if (served === undefined) strange++;
    else served.bank.payments.set(payment.idempotencyKey, payment);
  }
  if (strange > 0) log.warn({ payments: strange }, 'the journal has payments of unknown banks');
}

async function openListeners(options: OpenBanksOptions): Promise<Map<string, ServedBank>> {
  const { log, host, settings, basePort, createHandler, random } = options;
  const kept = readPortMap(options.portsFile);
  const banks = new Map<string, ServedBank>();
  for (const [index, { name, behaviour }] of options.banks.entries()) {
    const bank = openBank(name, { ...settings, behaviour });
    const take = (port: number): Promise<BankListener> =>
      openBankListener(createHandler(bank), host, port);
    const listener =
      basePort === undefined
        ? await onFreePort(kept[name], take, random)
        : await take(basePort + index);
    if (basePort === undefined && kept[name] !== undefined && kept[name] !== listener.port) {
      log.warn({ bank: name, port: kept[name], now: listener.port }, 'a kept port was taken');
    }
    banks.set(name, { bank, listener, change: createChangeBank(bank, listener) });
  }
  return banks;
}

/** Opens every bank on its port, with its earlier payments; those that are down close at once. */
export async function openBanks(options: OpenBanksOptions): Promise<Map<string, ServedBank>> {
  const banks = await openListeners(options);
  const ports = [...banks].map(([name, { listener }]) => [name, listener.port] as const);
  writePortMap(options.portsFile, Object.fromEntries(ports));
  recall(banks, options.journal, options.log);
  for (const { bank, listener } of banks.values()) {
    if (bank.settings.behaviour === 'down') await listener.close();
  }
  return banks;
}
