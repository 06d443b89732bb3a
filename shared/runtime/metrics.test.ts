import { describe, expect, test } from 'vitest';
import { createMetrics } from './mod.ts';

describe('metrics of one process', () => {
  test('two modules that ask for the same name share one metric instead of failing', async () => {
    const metrics = createMetrics('test');
    const ask = () => metrics.counter({ name: 'calls_total', help: 'x', labelNames: ['bank'] });
    ask().inc({ bank: 'a' });
    ask().inc({ bank: 'b' }, 2);
    const text = await metrics.registry.metrics();
    expect(text).toContain('calls_total{bank="a",service="test"} 1');
    expect(text).toContain('calls_total{bank="b",service="test"} 2');
  });

  test('durations fall into buckets from half a millisecond to ten seconds', async () => {
    const metrics = createMetrics('test');
    metrics.histogram({ name: 'posting_seconds', help: 'x' }).observe(0.0004);
    const text = await metrics.registry.metrics();
    expect(text).toContain('posting_seconds_bucket{le="0.0005",service="test"} 1');
    expect(text).toContain('posting_seconds_bucket{le="10",service="test"} 1');
  });

  test('registries are apart: nothing is global', async () => {
    createMetrics('one').counter({ name: 'calls_total', help: 'x' }).inc();
    expect(await createMetrics('two').registry.metrics()).not.toContain('calls_total');
  });
});
