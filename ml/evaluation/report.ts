import type { Artefact } from '../artefact/mod.ts';
import { CANDIDATES, type Evaluation, type PeriodReport } from './evaluate-wallet-model.ts';

const percent = (share: number, digits = 1): string => `${(share * 100).toFixed(digits)} %`;
const three = (value: number): string => value.toFixed(3);

/** A table whose columns are as wide as their widest cell, as prettier writes it. */
function table(head: string[], rows: (string | number)[][]): string {
  const cells = [head, head.map(() => ''), ...rows.map((row) => row.map(String))];
  const widths = head.map((_, at) => Math.max(3, ...cells.map((row) => row[at]?.length ?? 0)));
  const lines = cells.map((row, line) =>
    widths.map((width, at) => (row[at] ?? '').padEnd(width, line === 1 ? '-' : ' ')).join(' | '),
  );
  return lines.map((line) => `| ${line} |`).join('\n');
}

/** The report in Markdown. It has no date: the same model and data give the same text. */
export function writeReport({ manifest, policy }: Artefact, evaluation: Evaluation): string {
  const { training } = manifest;
  const { periods } = evaluation;
  return `# What the wallet model can do

Written by \`npm run ml:evaluate\` about \`${manifest.modelVersion}\`. It learned
from ${training.rows.toLocaleString('en')} simulated transactions with ${training.frauds} frauds \
that were reported in time, among
${training.wallets.toLocaleString('en')} wallets. Truth below is what the simulator did, reported
or not.

## Periods

${table(['period', 'transactions', 'frauds', 'share', 'honest look-alikes'], periods.map(sizeRow))}

The test days follow the training by at least a week. _Unseen wallets_ are another world with
another seed. The _unseen typology_ (invoices redirected to another account) begins after the
training. In the _drifted month_ prices rise, people buy phones and new payees more often, live
later, and thieves take less, more often from the victim's own phone.

Model and baselines get the same features; the points of the rules were set on training days.

## Against the baselines

Recall is the share of frauds found, and of their money, when 1 % of transactions are alerts.

${table(
  ['period', 'scored by', 'AP', 'AUC', 'recall', 'money'],
  periods.flatMap((period) =>
    CANDIDATES.map((candidate) => {
      const { averagePrecision, areaUnderRoc, recall, moneyRecall } = period.measures[candidate];
      const ranks = [three(averagePrecision), three(areaUnderRoc)];
      return [period.name, candidate, ...ranks, percent(recall), percent(moneyRecall)];
    }),
  ),
)}

![precision and recall](precision-recall.svg)

## What the policy decides

Review from ${policy.review}, block from ${policy.block}: the cheapest thresholds on validation \
days that keep
legitimate payments blocked ≤ ${percent(policy.limits.legitimateBlocked)} and alerts ≤ \
${percent(policy.limits.alerts)}, with room for drift.

${table(
  [
    'period',
    'legitimate blocked',
    'alerts',
    'precision',
    'blocked',
    'blocked or reviewed',
    'money',
  ],
  periods.map(policyRow),
)}

Legitimate payments of the test days that were stopped, by what they are: ${wrongly(periods)}.

A rule decides with the model, never against it. On the test days:

${ruleTable(periods)}

## Per typology

${periods.map(typologyTable).join('\n\n')}

![recall per typology](typologies.svg)

## Probabilities

![reliability](reliability.svg)
![score distribution](scores.svg)

## Why it is not too easy

Each typology has an honest twin: takeovers and new phones, mules and flat mates who collect the
rent, tested and mistyped cards, structuring and used cars for 9,900, push payments and craftsmen.
Victims of push payments use their own phone at their usual hour. One fraud in ten is never
reported, one report in a hundred is false, and the median report comes after five days. With an
average precision above 0.95 the simulator would have to be made harder.
`;
}

const sizeRow = (period: PeriodReport): string[] => [
  period.name,
  period.transactions.toLocaleString('en'),
  period.frauds.toLocaleString('en'),
  percent(period.frauds / period.transactions, 2),
  period.lookAlikes.toLocaleString('en'),
];

const policyRow = ({ name, policy }: PeriodReport): string[] => [
  name,
  percent(policy.legitimateBlocked, 3),
  percent(policy.alerts, 2),
  percent(policy.precision),
  percent(policy.blocked),
  percent(policy.caught),
  percent(policy.moneyCaught),
];

function ruleTable([test]: PeriodReport[]): string {
  const rules = [...(test?.policy.rules ?? [])].toSorted((a, b) => b[1].fired - a[1].fired);
  return table(
    ['rule', 'held', 'frauds', 'stricter than the model'],
    rules.map(([code, { fired, frauds, stricter }]) => [code, fired, frauds, stricter]),
  );
}

const KINDS_SHOWN = 8;

function wrongly([test]: PeriodReport[]): string {
  const kinds = [...(test?.policy.wronglyStopped ?? [])].toSorted((a, b) => b[1] - a[1]);
  return kinds
    .slice(0, KINDS_SHOWN)
    .map(([kind, count]) => `${kind} ${count}`)
    .join(', ');
}

const typologyTable = ({ name, typologies }: PeriodReport): string =>
  `${name[0]?.toUpperCase()}${name.slice(1)}:\n\n` +
  table(
    ['typology', 'frauds', ...CANDIDATES],
    typologies.map(({ typology, frauds, recall }) => [
      typology,
      frauds,
      ...CANDIDATES.map((candidate) => percent(recall[candidate], 0)),
    ]),
  );
