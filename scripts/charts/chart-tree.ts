import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from '../run-command.ts';
import { findTool } from './install-tools.ts';

/** A copy of the charts with their dependencies packed, so that nothing is written beside them. */
export interface ChartTree extends Disposable {
  folder: string;
  /** Every chart but the library. */
  charts: string[];
  /** Those that are a service. */
  services: string[];
}

export const UMBRELLA = 'florin';
export const LIBRARY = 'florin-service';

interface ChartFile {
  name: string;
  type: string;
  dependencies?: { name: string }[];
}

const readChart = (folder: string, name: string): ChartFile =>
  parse(readFileSync(join(folder, name, 'Chart.yaml'), 'utf8')) as ChartFile;

function pack(folder: string, chart: string): void {
  const helm = findTool('helm');
  if (!('path' in helm)) return;
  const args = ['dependency', 'update', join(folder, chart)];
  const { status, stderr } = spawnSync(helm.path, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${chart}: ${stderr}`);
}

/**
 * @param change is made to the copy before anything is packed: to show that a check notices it
 */
export function copyCharts(change: (folder: string) => void = () => undefined): ChartTree {
  const folder = mkdtempSync(join(tmpdir(), 'florin-charts-'));
  // Packed dependencies of the checkout may be older than what they were packed from.
  const isSource = (path: string): boolean => !/charts\/[^/]+\/charts(\/|$)/.test(path);
  cpSync(join(root, 'charts'), folder, { recursive: true, filter: isSource });
  change(folder);
  const files = readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'Chart.yaml')))
    .map((name) => readChart(folder, name))
    .filter(({ type }) => type !== 'library');
  const dependsOn = (chart: ChartFile, name: string): boolean =>
    chart.dependencies?.some((one) => one.name === name) === true;
  const services = files.filter((chart) => dependsOn(chart, LIBRARY)).map(({ name }) => name);
  for (const name of [...services, UMBRELLA]) pack(folder, name);
  return {
    folder,
    charts: files.map(({ name }) => name),
    services,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}
