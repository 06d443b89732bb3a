import { settings } from './settings.ts';

interface Metric {
  type: string;
  values: Record<string, number>;
  thresholds?: Record<string, { ok: boolean }>;
}

interface Summary {
  metrics: Record<string, Metric>;
  state: { testRunDurationMs: number };
}

const ms = (value: number | undefined): string => `${(value ?? 0).toFixed(1)} ms`;

const countOf = (metric: Metric | undefined): number => metric?.values['count'] ?? 0;

function headline({ metrics }: Summary): string {
  const times = metrics['http_req_duration']?.values ?? {};
  const rate = countOf(metrics['iterations']) / settings.seconds;
  const share = (metrics['checks']?.values['rate'] ?? 1) * 100;
  const orders = ['final', 'pending', 'refused', 'turned_away']
    .map((name) => `${countOf(metrics[`orders_${name}`])} ${name.replace('_', ' ')}`)
    .join(', ');
  const dropped = countOf(metrics['dropped_iterations']);
  return (
    `${settings.scenario}: ${countOf(metrics['iterations'])} iterations, ${rate.toFixed(1)}/s; ` +
    `p50 ${ms(times['med'])}, p95 ${ms(times['p(95)'])}, p99 ${ms(times['p(99)'])}; ` +
    `orders: ${orders}; dropped ${dropped}; checks ${share.toFixed(2)} %`
  );
}

interface Verdict {
  promise: string;
  kept: boolean;
}

const verdicts = ({ metrics }: Summary): Verdict[] =>
  Object.entries(metrics).flatMap(([name, { thresholds = {} }]) =>
    Object.entries(thresholds).map(([promise, { ok }]) => ({
      promise: `${name} ${promise}`,
      kept: ok,
    })),
  );

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const STYLE =
  'body{font:15px system-ui;margin:2rem;max-width:60rem}table{border-collapse:collapse}' +
  'td,th{padding:.3rem .8rem;border-bottom:1px solid #ddd;text-align:right}' +
  'td:first-child,th:first-child{text-align:left}.kept{color:#176b2c}.broken{color:#b00020}';

function page(summary: Summary): string {
  const promises = verdicts(summary)
    .map(({ promise, kept }) => {
      const word = kept ? 'kept' : 'broken';
      return `<tr class="${word}"><td>${escaped(promise)}</td><td>${word}</td></tr>`;
    })
    .join('');
  const trends = Object.entries(summary.metrics)
    .filter(([, { type }]) => type === 'trend')
    .map(([name, { values }]) => {
      const cells = ['med', 'p(95)', 'p(99)', 'max'].map((key) => `<td>${ms(values[key])}</td>`);
      return `<tr><td>${escaped(name)}</td>${cells.join('')}</tr>`;
    })
    .join('');
  return (
    `<!doctype html><meta charset="utf-8"><title>${settings.scenario}</title>` +
    `<style>${STYLE}</style><h1>${settings.scenario}</h1><p>${escaped(headline(summary))}</p>` +
    `<h2>Promises</h2><table>${promises}</table><h2>Times</h2><table><tr><th>` +
    `<th>p50<th>p95<th>p99<th>max</tr>${trends}</table>`
  );
}

/** One line for people, what was not kept, and a page and the figures as files. */
export function handleSummary(data: unknown): Record<string, string> {
  const summary = data as Summary;
  const broken = verdicts(summary).filter(({ kept }) => !kept);
  const lines = [
    headline(summary),
    ...broken.map(({ promise }) => `  NOT KEPT: ${promise}`),
    broken.length === 0 ? '  every promise was kept' : '',
  ];
  const { report } = settings;
  return {
    stdout: `\n${lines.filter(Boolean).join('\n')}\n`,
    ...(report === ''
      ? {}
      : {
          [`${report}.html`]: page(summary),
          [`${report}.json`]: JSON.stringify(summary, null, 2),
        }),
  };
}
