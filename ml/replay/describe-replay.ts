import type { Decision } from '../artefact/mod.ts';
import { LABELS, tallyOf, type ReplayReport, type Tally } from './replay-decisions.ts';

const HEAD = '|                           | fraud | legitimate | not known yet |';
const RULE = '| ------------------------- | ----- | ---------- | ------------- |';

const STOPPED: readonly Decision[] = ['review', 'block'];
const BELOW_BLOCK: readonly Decision[] = ['approve', 'review'];

/** What would have changed. Money is what payments were worth in dollars. */
const CHANGES: [string, { from: readonly Decision[]; to: readonly Decision[] }][] = [
  ['newly blocked', { from: BELOW_BLOCK, to: ['block'] }],
  ['newly held for review', { from: ['approve'], to: ['review'] }],
  ['held instead of blocked', { from: ['block'], to: ['review'] }],
  ['newly passed', { from: STOPPED, to: ['approve'] }],
];

/** What people have to look at, and what got through, before and after. */
const LOADS: [string, readonly Decision[]][] = [
  ['reviewed', ['review']],
  ['blocked', ['block']],
  ['passed', ['approve']],
];

/** The report as Markdown for people. */
export function describeReplay(report: ReplayReport, modelVersion: string): string {
  const changes = CHANGES.map(([name, move]) =>
    line(name, (label) => tallyOf(report, label, move)),
  );
  const loads = LOADS.flatMap(([name, decisions]) => [
    line(`${name}, as decided`, (label) => tallyOf(report, label, { from: decisions })),
    line(`${name}, by candidate`, (label) => tallyOf(report, label, { to: decisions })),
  ]);
  return [
    `# ${modelVersion} on ${number(report.decisions)} recorded decisions`,
    '',
    verdict(report),
    '',
    HEAD,
    RULE,
    ...changes,
    ...loads,
    '',
  ].join('\n');
}

/** The one sentence that counts. */
function verdict(report: ReplayReport): string {
  const more = { from: ['approve'], to: STOPPED } as const;
  const fewer = { from: STOPPED, to: ['approve'] } as const;
  const caught = tallyOf(report, 'fraud', more).cents - tallyOf(report, 'fraud', fewer).cents;
  const bothered =
    tallyOf(report, 'legitimate', more).count - tallyOf(report, 'legitimate', fewer).count;
  const reviews = LABELS.reduce((sum, label) => {
    const before = tallyOf(report, label, { from: ['review'] }).count;
    return sum + tallyOf(report, label, { to: ['review'] }).count - before;
  }, 0);
  return [
    `Fraud stopped: ${signed(caught, dollars)}.`,
    `Honest payments stopped: ${signed(bothered, number)}.`,
    `Reviews: ${signed(reviews, number)}.`,
  ].join(' ');
}

const line = (name: string, of: (label: (typeof LABELS)[number]) => Tally): string =>
  `| ${[name, ...LABELS.map((label) => cell(of(label)))].join(' | ')} |`;

const cell = ({ count, cents }: Tally): string =>
  count === 0 ? '–' : `${number(count)} (${dollars(cents)})`;

const number = (value: number): string => value.toLocaleString('en');
const dollars = (cents: number): string =>
  `$${(cents / 100).toLocaleString('en', { maximumFractionDigits: 0 })}`;

const signed = (value: number, written: (value: number) => string): string =>
  `${value < 0 ? '−' : '+'}${written(Math.abs(value))}`;
