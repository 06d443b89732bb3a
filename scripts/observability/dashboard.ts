/** What a panel shows: time series unless said otherwise. */
export interface Panel {
  title: string;
  /** What to think when it looks odd, in a sentence. */
  why?: string;
  kind?: 'timeseries' | 'stat' | 'heatmap' | 'table';
  unit?: 's' | 'percentunit' | 'reqps' | 'short' | 'bytes' | 'none' | 'currencyUSD';
  /** Legend and query. */
  queries: [legend: string, query: string][];
  /** Of the 24 columns; a third unless given. */
  width?: 6 | 8 | 12 | 24;
  /** From here on it is drawn in red. */
  red?: number;
}

export interface Dashboard {
  /** The name of the file and the end of the address. */
  name: string;
  title: string;
  /** Which values the page can be narrowed to: label and the metric that has it. */
  variables?: { name: string; metric: string; label: string }[];
  rows: { title: string; panels: Panel[] }[];
}

const HEIGHT = 8;
const COLUMNS = 24;
const SOURCE = { type: 'prometheus', uid: '${source}' };

const thresholds = (red: number | undefined) => ({
  mode: 'absolute',
  steps: [
    { color: 'green', value: null },
    ...(red === undefined ? [] : [{ color: 'red', value: red }]),
  ],
});

function panelOf(panel: Panel, id: number, x: number, y: number) {
  const { title, why, kind = 'timeseries', unit = 'short', queries, width = 8, red } = panel;
  return {
    id,
    type: kind,
    title,
    ...(why === undefined ? {} : { description: why }),
    datasource: SOURCE,
    gridPos: { x, y, w: width, h: HEIGHT },
    fieldConfig: {
      defaults: {
        unit,
        thresholds: thresholds(red),
        custom:
          kind === 'timeseries' && red !== undefined ? { thresholdsStyle: { mode: 'line' } } : {},
      },
      overrides: [],
    },
    options: kind === 'timeseries' ? { tooltip: { mode: 'multi', sort: 'desc' } } : {},
    targets: queries.map(([legend, expr], index) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      datasource: SOURCE,
      expr,
      legendFormat: legend,
      // A slow request leads to its trace.
      exemplar: expr.includes('_bucket'),
      ...(kind === 'table' ? { format: 'table', instant: true } : {}),
    })),
  };
}

type DrawnPanel = ReturnType<typeof panelOf>;

const rowOf = (title: string, id: number, y: number) => ({
  id,
  type: 'row',
  title,
  collapsed: false,
  gridPos: { x: 0, y, w: COLUMNS, h: 1 },
  panels: [],
});

/** Panels side by side, in lines as wide as a page. */
function layOut(rows: Dashboard['rows']) {
  const drawn: (DrawnPanel | ReturnType<typeof rowOf>)[] = [];
  let y = 0;
  for (const { title, panels } of rows) {
    drawn.push(rowOf(title, drawn.length + 1, y));
    y += 1;
    let x = 0;
    for (const panel of panels) {
      const width = panel.width ?? 8;
      if (x + width > COLUMNS) {
        x = 0;
        y += HEIGHT;
      }
      drawn.push(panelOf(panel, drawn.length + 1, x, y));
      x += width;
    }
    y += HEIGHT;
  }
  return drawn;
}

const sourceVariable = { name: 'source', type: 'datasource', query: 'prometheus', label: 'Source' };

const variableOf = ({ name, metric, label }: { name: string; metric: string; label: string }) => ({
  name,
  type: 'query',
  datasource: SOURCE,
  query: `label_values(${metric}, ${label})`,
  refresh: 2,
  multi: true,
  includeAll: true,
  allValue: '.*',
});

/** A dashboard as Grafana reads it. */
export const grafanaJson = ({ name, title, variables = [], rows }: Dashboard): object => ({
  uid: `florin-${name}`,
  title: `Florin / ${title}`,
  tags: ['florin'],
  timezone: 'utc',
  schemaVersion: 41,
  refresh: '30s',
  time: { from: 'now-1h', to: 'now' },
  templating: { list: [sourceVariable, ...variables.map(variableOf)] },
  links: [
    { type: 'dashboards', title: 'Florin', tags: ['florin'], asDropdown: true, keepTime: true },
  ],
  panels: layOut(rows),
});

/** Every query of a dashboard, with its variables replaced by what they may be. */
export const queriesOf = ({ rows }: Dashboard): string[] =>
  rows.flatMap(({ panels }) =>
    panels.flatMap(({ queries }) =>
      queries.map(([, query]) =>
        query.replaceAll('$__rate_interval', '5m').replace(/\$\w+/g, '.*'),
      ),
    ),
  );
