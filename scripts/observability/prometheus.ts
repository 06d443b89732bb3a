import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, freePort } from '@florin/testing';
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
}

const LOOK_AGAIN_MS = 1000;
const READY_WITHIN_MS = 20_000;
const RUNBOOKS = 'docs/runbooks/';

const rules = (): string =>
  readFileSync(join(root, 'charts/observability/rules/florin.yaml'), 'utf8').replaceAll(
    'RUNBOOKS/',
    RUNBOOKS,
  );

const configuration = {
  global: { scrape_interval: '2s', evaluation_interval: '5s' },
  rule_files: ['rules.yaml'],
  scrape_configs: [
    {
      job_name: 'florin',
      file_sd_configs: [{ files: ['targets.json'], refresh_interval: '2s' }],
    },
  ],
};

const targetFile = (targets: Record<string, string>): string =>
  JSON.stringify(
    Object.entries(targets).map(([name, url]) => ({
      targets: [new URL(url).host],
      labels: { instance: name },
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
  const { dir, targets } = options;
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'prometheus.yml'), stringify(configuration));
  writeFileSync(join(dir, 'rules.yaml'), rules());
  let written = '';
  const writeTargets = (): void => {
    const text = targetFile(targets());
    if (text !== written) writeFileSync(join(dir, 'targets.json'), text);
    written = text;
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
  const child = spawn(tool.path, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    clearInterval(timer);
    child.kill('SIGTERM');
    await ended;
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
