import { describe, expect, it } from 'vitest';
import { drawChart, evenTicks } from './svg-chart.ts';

describe('charts', () => {
  it('hunts points that leave the plot or stand upside down', () => {
    const axis = { label: 'a < b & c', from: 0, to: 1, ticks: evenTicks(0, 1, 2) };
    const series = [
      {
        name: 's',
        marks: 'dots' as const,
        points: [
          [0, 0],
          [1, 1],
        ] as [number, number][],
      },
    ];
    const svg = drawChart({ title: 't', x: axis, y: axis, series });
    const dots = [...svg.matchAll(/cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [
      Number(x),
      Number(y),
    ]);
    expect(dots).toEqual([
      [70, 310],
      [620, 40],
    ]);
    expect(svg).toContain('a &lt; b &amp; c');
  });
});
