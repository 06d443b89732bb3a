import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { root } from '../run-command.ts';
import { hurriedRelease, tolerant, type ReleaseTimes } from './hurry.ts';

interface Limited {
  failureCondition?: string;
}

const chart = parse(readFileSync(join(root, 'charts/fraud/values.yaml'), 'utf8')) as {
  rollout: ReleaseTimes;
};

describe('hunts a rehearsal that compares something else than the release does', () => {
  test('times become shorter, the rest of the chart stays as it is', () => {
    const { canary, analysis } = hurriedRelease(chart.rollout, 10);
    expect(canary.steps.map((step) => step.pause?.duration ?? step.setWeight)).toEqual([
      25,
      '60s',
      50,
      '60s',
    ]);
    const shape = (text: string): string =>
      text.replaceAll(/\[\d+[smh]\]|offset \d+[smh]|> \d{3,}/g, '');
    for (const [index, metric] of analysis.metrics.entries()) {
      const before = chart.rollout.analysis.metrics[index];
      expect(shape(metric.query)).toBe(shape(before?.query ?? ''));
      expect(metric).toEqual({ ...before, ...metric });
    }
    expect(analysis.metrics.map(({ query }) => /> (\d+)\s*$/.exec(query)?.[1])).toContain('500');
  });

  test('a release that takes its own time is the chart’s', () => {
    const { canary } = hurriedRelease(chart.rollout, 1);
    expect(canary.steps.flatMap(({ pause }) => pause?.duration ?? [])).toEqual(['600s', '600s']);
  });

  test('a busy machine is allowed for in one figure, and nowhere else', () => {
    const { metrics } = chart.rollout.analysis;
    const limits = metrics.map((metric) => {
      const { failureCondition = '' } = tolerant(metric, 'p99-to-stable', 3) as Limited;
      return [metric.name, failureCondition.split(' ').at(-1)];
    });
    expect(limits).toEqual([
      ['refused', '0.01'],
      ['p99-to-stable', '6'],
      ['drift', '0.2'],
    ]);
  });
});
