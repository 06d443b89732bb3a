import { describe, expect, test } from 'vitest';
import { createLifecycle, createLogger } from './mod.ts';

const hour = 3_600_000;

function setUp(deadlineMs = hour) {
  const lines: string[] = [];
  const log = createLogger('test', 'error', {}, { write: (line) => lines.push(line) });
  return { lines, lifecycle: createLifecycle({ log, deadlineMs }) };
}

describe('stopping gives everything back, whatever goes wrong on the way', () => {
  test('last acquired is given back first, one after the other', async () => {
    const { lifecycle } = setUp();
    const order: string[] = [];
    for (const label of ['database', 'bus', 'consumer']) {
      lifecycle.onStop(label, async () => {
        order.push(`${label} begins`);
        await Promise.resolve();
        order.push(`${label} ended`);
      });
    }
    expect(await lifecycle.stop()).toBe(true);
    expect(order.filter((line) => line.endsWith('begins'))).toEqual([
      'consumer begins',
      'bus begins',
      'database begins',
    ]);
    expect(order[1]).toBe('consumer ended');
  });

  test('one failing step is logged and does not keep the others from running', async () => {
    const { lifecycle, lines } = setUp();
    let released = false;
    lifecycle.onStop('lease', async () => void (released = true));
    lifecycle.onStop('bus', () => Promise.reject(new Error('gone')));
    expect(await lifecycle.stop()).toBe(false);
    expect(released).toBe(true);
    expect(lines.join()).toContain('"step":"bus"');
  });

  test('a step that hangs ends at the deadline and is named', async () => {
    const { lifecycle, lines } = setUp(1);
    lifecycle.onStop('stuck', () => new Promise(() => {}));
    expect(await lifecycle.stop()).toBe(false);
    expect(lines.join()).toContain('"step":"stuck"');
  });

  test('stopping twice runs each step once, and tells everyone through the signal', async () => {
    const { lifecycle } = setUp();
    let times = 0;
    lifecycle.onStop('once', async () => void times++);
    expect(lifecycle.shutdown.aborted).toBe(false);
    await Promise.all([lifecycle.stop(), lifecycle.stop()]);
    expect(times).toBe(1);
    expect(lifecycle.shutdown.aborted).toBe(true);
  });
});
