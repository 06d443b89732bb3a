import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { restoreIsNullOrUndefined } from './native-backend.ts';

describe('Node as the native backend expects it', () => {
  it('hunts a function of older Nodes that is missing when the native backend calls it', () => {
    restoreIsNullOrUndefined();
    const util = createRequire(import.meta.url)('node:util') as {
      isNullOrUndefined: (value: unknown) => boolean;
    };
    const found = [null, undefined, 0, '', false].map((value) => util.isNullOrUndefined(value));
    expect(found).toEqual([true, true, false, false, false]);
  });
});
