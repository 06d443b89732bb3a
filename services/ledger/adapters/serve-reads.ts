import { LEDGER_REQUESTS } from '@florin/contracts';
import { serve, type Bus, type Served } from '@florin/messaging';
import type pg from 'pg';
import { createPeriodReads } from '../reads/periods.ts';
import { createListPositions } from '../reads/positions.ts';
import { asking } from './asking.ts';
import { createReviewReads } from '../reads/reviews.ts';
import type { createSimulate } from '../reads/simulate.ts';
import { createTransactionReads } from '../reads/transactions.ts';
import { createVerifyBooks } from '../reads/verify-books.ts';
import { createWalletReads } from '../reads/wallets.ts';

/** Answers what other services ask of the books. */
export function serveReads(
  bus: Bus,
  pool: pg.Pool,
  nowIso: () => string,
  simulate: ReturnType<typeof createSimulate>,
): Served[] {
  const wallets = createWalletReads(pool);
  const transactions = createTransactionReads(pool);
  const periods = createPeriodReads(pool);
  const reviews = createReviewReads(pool);
  const listPositions = createListPositions(pool);
  const verifyBooks = createVerifyBooks(pool, nowIso);
  return [
    serve(bus, LEDGER_REQUESTS.getWallets, asking(wallets.getWallets)),
    serve(bus, LEDGER_REQUESTS.listWallets, asking(wallets.listWallets)),
    serve(bus, LEDGER_REQUESTS.getWalletAt, asking(wallets.getWalletAt)),
    serve(bus, LEDGER_REQUESTS.getTransaction, asking(transactions.getTransaction)),
    serve(bus, LEDGER_REQUESTS.getSplit, asking(transactions.getSplit)),
    serve(bus, LEDGER_REQUESTS.listTransactions, asking(transactions.listTransactions)),
    serve(bus, LEDGER_REQUESTS.listEntries, asking(transactions.listEntries)),
    serve(bus, LEDGER_REQUESTS.getPeriod, asking(periods.getPeriod)),
    serve(bus, LEDGER_REQUESTS.readEntries, asking(periods.readEntries)),
    serve(bus, LEDGER_REQUESTS.listReviews, asking(reviews.listReviews)),
    serve(bus, LEDGER_REQUESTS.simulate, asking(simulate)),
    serve(bus, LEDGER_REQUESTS.listPositions, asking(listPositions)),
    serve(bus, LEDGER_REQUESTS.verifyBooks, asking(verifyBooks), { maxInFlight: 1 }),
  ];
}
