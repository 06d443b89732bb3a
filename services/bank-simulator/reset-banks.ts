import type { ServedBank } from './change-bank.ts';

/** Puts every bank back to its beginning: first settings, no payments, journal emptied. */
export async function resetBanks(
  banks: Iterable<ServedBank>,
  forgetPayments: () => void,
): Promise<void> {
  forgetPayments();
  for (const { bank, change } of banks) {
    bank.payments.clear();
    bank.slips.length = 0;
    bank.calls = 0;
    await change(bank.initial);
  }
}
