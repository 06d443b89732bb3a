import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endProcess, eventually, freePort, spawnServer } from '@florin/testing';
import { stringify } from 'yaml';
import { findTool } from '../charts/install-tools.ts';
import { root } from '../run-command.ts';

export interface Prometheus {
  url: string;
  stop(): Promise<void>;
}

interface PrometheusOptions {
  /** Where its figures and its configuration lie. */
  dir: string;
  /** Process → address of its figures, asked again and again: a restart changes the port. */
  targets(): Record<string, string>;
  /** What figures of a process are labelled with besides, as a PodMonitor would. */
  labels?(name: string): Record<string, string>;
  /** Instead of the rules and alerts of the charts. */
  rules?: string;
  /** How often figures are read and rules evaluated; default 2 and 5 seconds. */
  everySeconds?: number;
}

const LOOK_AGAIN_MS = 1000;
const READY_WITHIN_MS = 20_000;
const STOP_WITHIN_MS = 10_000;
const RUNBOOKS = 'docs/runbooks/';

/** The rules and alerts of the charts, as Prometheus reads them. */
export const chartRules = (): string =>
  readFileSync(join(root, 'charts/observability/rules/florin.yaml'), 'utf8').replaceAll(
    'RUNBOOKS/',
    RUNBOOKS,
  );

const configuration = (everySeconds: number | undefined) => ({
  global: {
    scrape_interval: `${everySeconds ?? 2}s`,
    scrape_timeout: `${everySeconds ?? 2}s`,
    evaluation_interval: `${everySeconds ?? 5}s`,
  },
  rule_files: ['rules.yaml'],
  scrape_configs: [
    {
      job_name: 'florin',
      file_sd_configs: [{ files: ['targets.json'], refresh_interval: '2s' }],
    },
  ],
});

const targetFile = ({ targets, labels }: PrometheusOptions): string =>
  JSON.stringify(
    Object.entries(targets()).map(([name, url]) => ({
      targets: [new URL(url).host],
      labels: { instance: name, ...labels?.(name) },
    })),
  );

/**
 * Starts a Prometheus of this machine over the processes of a local run, with the rules and alerts
 * of the charts.
 * @returns why there is none, where its program can't be had
 */
export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus | string> {
  const tool = findTool('prometheus');
  if (!('path' in tool)) return `prometheus can't be had: ${tool.missing}`;
  const { dir, rules = chartRules() } = options;
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'prometheus.yml'), stringify(configuration(options.everySeconds)));
  writeFileSync(join(dir, 'rules.yaml'), rules);
  let written = '';
  const writeTargets = (): void => {
    const text = targetFile(options);
    if (text === written) return;
    written = text;
    // In one go: Prometheus reads a file whenever it changes, and half of one is none.
    writeFileSync(join(dir, 'targets.json.new'), text);
    renameSync(join(dir, 'targets.json.new'), join(dir, 'targets.json'));
  };
  writeTargets();
  const timer = setInterval(writeTargets, LOOK_AGAIN_MS);
  timer.unref();

  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://${address}`;
  const args = [
    `--config.file=${join(dir, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(dir, 'data')}`,
    `--web.listen-address=${address}`,
    '--log.level=warn',
  ];
  const server = await spawnServer({
    path: tool.path,
    args,
    cwd: dir,
    logFile: join(dir, 'prometheus.log'),
    orphanSignal: 'SIGTERM',
  });
  const stop = async (): Promise<void> => {
    clearInterval(timer);
    await endProcess(server, 'SIGTERM', STOP_WITHIN_MS);
  };
  try {
    await eventually(
      async () => {
        const { ok } = await fetch(`${url}/-/ready`);
        if (!ok) throw new Error('it is not ready yet');
      },
      { timeoutMs: READY_WITHIN_MS, everyMs: 100 },
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}
