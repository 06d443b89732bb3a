// npm run gen:charts [-- --check]
//
// Writes what follows from other files: the schema of every chart's values, the tables of values in
// the READMEs, and the dashboards. With --check it only says what would change.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { parse } from 'yaml';
import { grafanaJson } from '../observability/dashboard.ts';
import { DASHBOARDS } from '../observability/dashboards.ts';
import { root } from '../run-command.ts';
import { librarySchema, serviceSchema, umbrellaSchema, type Schema } from './values-schema.ts';
import { valueTable } from './value-table.ts';

interface Chart {
  name: string;
  description: string;
  dependencies?: { name: string }[];
}

const LIBRARY = 'florin-service';
const UMBRELLA = 'florin';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const folder = join(root, 'charts');

const readChart = (name: string): Chart =>
  parse(readFileSync(join(folder, name, 'Chart.yaml'), 'utf8')) as Chart;

const charts = readdirSync(folder)
  .filter((name) => existsSync(join(folder, name, 'Chart.yaml')))
  .map(readChart);

const isService = ({ dependencies }: Chart): boolean =>
  dependencies?.some(({ name }) => name === LIBRARY) === true;

/** Undefined for the charts that are no service: their schemas are written by hand. */
function schemaOf(chart: Chart): Schema | undefined {
  if (chart.name === LIBRARY) return librarySchema();
  if (chart.name === UMBRELLA) {
    return umbrellaSchema((chart.dependencies ?? []).map(({ name }) => name));
  }
  return isService(chart) ? serviceSchema(chart.name) : undefined;
}

function readmeOf(chart: Chart): string {
  const table = valueTable(readFileSync(join(folder, chart.name, 'values.yaml'), 'utf8'));
  const more = isService(chart)
    ? `Every value of [${LIBRARY}](../${LIBRARY}/README.md) besides, under the same name.`
    : '';
  return [`# ${chart.name}`, chart.description, '## Values', table, more]
    .filter(Boolean)
    .join('\n\n');
}

/** As prettier would leave it, so that formatting the repository changes nothing. */
async function formatted(path: string, text: string): Promise<[string, string]> {
  const filepath = join(folder, path);
  return [path, await format(text, { ...(await resolveConfig(filepath)), filepath })];
}

const dashboards = DASHBOARDS.map((dashboard) =>
  formatted(
    `observability/dashboards/${dashboard.name}.json`,
    JSON.stringify(grafanaJson(dashboard)),
  ),
);

const ofCharts = charts.flatMap((chart) => {
  const schema = schemaOf(chart);
  const readme = formatted(`${chart.name}/README.md`, readmeOf(chart));
  if (!schema) return [readme];
  return [readme, formatted(`${chart.name}/values.schema.json`, JSON.stringify(schema))];
});

const committed = (path: string): string | undefined =>
  existsSync(join(folder, path)) ? readFileSync(join(folder, path), 'utf8') : undefined;

const files = await Promise.all([...ofCharts, ...dashboards]);
const changed = files.filter(([path, text]) => committed(path) !== text);
if (values.check) {
  for (const [path] of changed) console.error(`charts/${path} is old: npm run gen`);
  process.exitCode = changed.length === 0 ? 0 : 1;
} else {
  for (const [path, text] of changed) writeFileSync(join(folder, path), text);
  console.log(`charts: ${changed.length} of ${files.length} files written`);
}
