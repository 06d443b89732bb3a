import { describe, expect, test } from 'vitest';
import { createProgress } from './progress.ts';

function watch(isTTY: boolean) {
  let written = '';
  let ms = 0;
  const screen = { isTTY, write: (text: string) => ((written += text), true) };
  const progress = createProgress(screen, () => ms);
  return { progress, pass: (by: number) => (ms += by), seen: () => written.split('\r').at(-1) };
}

describe('hunts bars in what programs read, and works that are slower for being watched', () => {
  test('a terminal sees how far it is, and nothing of it in the end', () => {
    const { progress, pass, seen } = watch(true);
    progress.begin('reading', 200);
    expect(seen()).toContain('reading [..............................] 0 %');
    pass(150);
    progress.advance(50);
    expect(seen()).toContain('[########......................] 25 %');
    progress.end();
    expect(seen()).toBe('\u001b[2K');
  });

  test('it is drawn ten times a second at most, and never says more than all', () => {
    const { progress, pass, seen } = watch(true);
    progress.begin('reading', 10);
    pass(50);
    progress.advance(5);
    expect(seen()).toContain(' 0 %');
    pass(60);
    progress.advance(95);
    expect(seen()).toContain(' 100 %');
  });

  test('what has no known end is counted', () => {
    const { progress, pass, seen } = watch(true);
    progress.begin('reading', 0);
    pass(150);
    progress.advance(7);
    expect(seen()).toContain('reading 7');
  });

  test('anything else than a terminal sees nothing at all', () => {
    const { progress, pass, seen } = watch(false);
    progress.begin('reading', 10);
    pass(1_000);
    progress.advance(5);
    progress.end();
    expect(seen()).toBe('');
  });
});
