import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { chartRules } from '../observability/prometheus.ts';
import { hurriedRules } from './hurry-rules.ts';

interface Rules {
  groups: {
    name: string;
    rules: { alert?: string; record?: string; expr: string; for?: string }[];
  }[];
}

const rulesIn = (text: string) => (parse(text) as Rules).groups.flatMap(({ rules }) => rules);

describe('hunts a rehearsal of other alerts than the chart has', () => {
  const [before, after] = [rulesIn(chartRules()), rulesIn(hurriedRules(chartRules(), 60))];

  test('every rule is there, and only its times differ', () => {
    const bare = (expr: string): string =>
      expr.replaceAll(/\[[^\]]*\]|offset \d+[smhd]/g, '').replace(/increase1h\) > \d+/, '');
    expect(after.map(({ alert, record }) => alert ?? record)).toEqual(
      before.map(({ alert, record }) => alert ?? record),
    );
    for (const [index, { expr }] of after.entries()) {
      expect(bare(expr)).toBe(bare(before[index]?.expr ?? ''));
    }
  });

  test('a pause of an hour takes a minute, and no window is empty', () => {
    const reviews = after.find(({ alert }) => alert === 'ReviewsWait');
    expect(reviews?.for).toBe('60s');
    const windows = after.flatMap(({ expr }) => [...expr.matchAll(/\[(\d+)s/g)]);
    expect(Math.min(...windows.map(([, seconds]) => Number(seconds)))).toBe(6);
  });

  test('an alert that counts slow things is hurried less', () => {
    const [rule] = rulesIn(hurriedRules(chartRules(), 60, { ServiceRestarts: 10 })).filter(
      ({ alert }) => alert === 'ServiceRestarts',
    );
    expect(rule?.expr).toContain('[90s]');
  });
});
