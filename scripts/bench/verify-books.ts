import { LEDGER_REQUESTS } from '@florin/contracts';
import { request, type Bus } from '@florin/messaging';

/** Every broken invariant of the books, as the ledger finds them when it recomputes everything. */
export async function brokenBooks(bus: Bus): Promise<string[]> {
  const { breaks } = await request(bus, LEDGER_REQUESTS.verifyBooks, {}, { timeoutMs: 600_000 });
  return breaks.map(({ invariant, detail }) => `${invariant}: ${detail}`);
}
