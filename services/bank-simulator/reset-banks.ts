import { changeBank, type ServedBank } from './change-bank.ts';

/** Puts every bank back to its beginning: first settings, no payments, journal emptied. */
export async function resetBanks(
  banks: Iterable<ServedBank>,
  forgetPayments: () => void,
): Promise<void> {
  forgetPayments();
  for (const served of banks) {
    served.bank.payments.clear();
    served.bank.calls = 0;
    await changeBank(served, served.bank.initial);
  }
}
