// The public benchmark: `npm run ml:handbook -- --data FILE [--folds 2018-07-25,2018-08-01]`. With
// `--book FILE` it first compares its inputs with the book's own table of them.
import { parseArgs } from 'node:util';
import { bookInputs } from './handbook/book-inputs.ts';
import { compareWithBook, describeComparison } from './handbook/compare-with-book.ts';
import { evaluateFold } from './handbook/evaluate-fold.ts';
import { foldFrom } from './handbook/fold.ts';
import { reportJson, reportTable, type FoldResult } from './handbook/report.ts';
import { scoreFold } from './handbook/score-fold.ts';
import { dayOfDate, readTransactions } from './handbook/transactions.ts';
import { startBackend } from './model/mod.ts';

/** The training weeks of the book's test. */
const TEST_FOLDS = '2018-07-25,2018-08-01,2018-08-08,2018-08-15';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    folds: { type: 'string', default: TEST_FOLDS },
    book: { type: 'string' },
  },
});
if (values.data === undefined) {
  console.error('usage: npm run ml:handbook -- --data FILE [--folds DATE,…] [--book FILE]');
  process.exit(2);
}
await startBackend();
const transactions = readTransactions(values.data);
const table = bookInputs(transactions);
if (values.book !== undefined) {
  console.log(describeComparison(compareWithBook(transactions, table, values.book)));
}

function runFold(date: string): FoldResult {
  const fold = foldFrom(transactions, dayOfDate(date));
  const startedMs = performance.now();
  const logits = scoreFold(table, transactions.frauds, fold);
  const seconds = (performance.now() - startedMs) / 1000;
  const fraudsIn = (rows: Uint32Array): number =>
    rows.reduce((sum, row) => sum + (transactions.frauds[row] as number), 0);
  const result = {
    date,
    trainingRows: fold.training.length,
    trainingFrauds: fraudsIn(fold.training),
    testRows: fold.test.length,
    testFrauds: fraudsIn(fold.test),
    ...evaluateFold(transactions, fold, logits),
    seconds,
  };
  console.error(`${date}: AP ${result.averagePrecision.toFixed(3)} in ${seconds.toFixed(1)} s`);
  return result;
}

const results = values.folds.split(',').map(runFold);
console.log(reportTable(results));
console.log(reportJson(results));
