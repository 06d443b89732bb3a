// npm run rehearse:faults [-- --runs 5 --component ledger --fault "kill -9" --write]
//
// Every fault happens to every component while people pay (fault-matrix.ts). Prints a table; with
// --write it becomes that of docs/fault-matrix.md. Last line: JSON. Exit code 1 when anything is
// lost, doubled or wrong.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { faultMatrix, type Cell } from './fault-matrix.ts';
import { FAULTS } from './matrix-faults.ts';
import { COMPONENTS } from './matrix-stage.ts';

const DOCUMENT = new URL('../../docs/fault-matrix.md', import.meta.url);
const TABLE = /(?<=<!-- table -->\n)[\s\S]*?(?=<!-- end -->)/;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    component: { type: 'string', multiple: true, default: [...COMPONENTS] },
    fault: { type: 'string', multiple: true, default: Object.keys(FAULTS) },
    write: { type: 'boolean', default: false },
  },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const textOf = ({ lost, doubled, runs, recoveryMs }: Cell): string =>
  `${lost} / ${doubled} in ${runs}, ${(recoveryMs / 1000).toFixed(1)} s`;

function tableOf(cells: readonly Cell[], faults: readonly string[]): string {
  const line = (texts: readonly string[]): string => `| ${texts.join(' | ')} |`;
  const rows = [...Map.groupBy(cells, ({ component }) => component)].map(([component, own]) =>
    line([
      `\`${component}\``,
      ...faults.map((fault) => {
        const cell = own.find((one) => one.fault === fault);
        return cell === undefined ? '' : textOf(cell);
      }),
    ]),
  );
  return [line(['', ...faults]), line(['---', ...faults.map(() => '---')]), ...rows].join('\n');
}

const components = COMPONENTS.filter((component) => values.component.includes(component));
const faults = Object.keys(FAULTS).filter((fault) => values.fault.includes(fault));
const done = await faultMatrix({ runs: Number(values.runs), components, faults, say });
if (typeof done === 'string') {
  say(`rehearse:faults: SKIPPED, ${done}`);
} else {
  const table = tableOf(done.cells, faults);
  say(table);
  if (values.write) {
    writeFileSync(DOCUMENT, readFileSync(DOCUMENT, 'utf8').replace(TABLE, `\n${table}\n\n`));
  }
  const { lost, doubled, breaks, wrongBalances, untoldEvents, eventGaps } = done.total;
  const unlike = done.rebuildsTheSame ? 0 : 1;
  const wrong = breaks.length + wrongBalances + untoldEvents + eventGaps + unlike;
  const runs = done.cells.reduce((sum, cell) => sum + cell.runs, 0);
  const { acknowledged } = done.total;
  say(`${runs} faults, ${acknowledged} payments: lost ${lost}, doubled ${doubled}, wrong ${wrong}`);
  say(JSON.stringify(done));
  process.exitCode = lost + doubled + wrong > 0 ? 1 : 0;
}
