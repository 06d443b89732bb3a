import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyCharts } from '../charts/chart-tree.ts';
import { findTool } from '../charts/install-tools.ts';
import type { ControlPlane } from './control-plane.ts';

export interface ChartRelease extends Disposable {
  /** Installs the chart or upgrades it. Of two sets of values the later one wins. */
  install(sets: Record<string, unknown>[]): Promise<void>;
}

async function run(command: string, args: string[]): Promise<void> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(said);
}

/** A chart of this repository, as helm installs it into a cluster. */
export function chartRelease(options: {
  plane: ControlPlane;
  dir: string;
  chart: string;
}): ChartRelease {
  const { plane, dir, chart } = options;
  const helm = findTool('helm');
  if (!('path' in helm)) throw new Error(`helm can't be had: ${helm.missing}`);
  const tree = copyCharts();
  const folder = join(dir, 'values');
  mkdirSync(folder, { recursive: true });
  return {
    async install(sets) {
      const files = sets.map((set, index) => {
        const file = join(folder, `${index}.json`);
        writeFileSync(file, JSON.stringify(set));
        return `--values=${file}`;
      });
      await run(helm.path, [
        'upgrade',
        '--install',
        chart,
        join(tree.folder, chart),
        ...files,
        `--kubeconfig=${plane.kubeconfig}`,
        `--namespace=${plane.namespace}`,
        '--server-side=false',
      ]);
    },
    [Symbol.dispose]: () => tree[Symbol.dispose](),
  };
}
