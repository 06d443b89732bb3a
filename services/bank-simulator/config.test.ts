import { ConfigurationError } from '@florin/runtime';
import { describe, expect, test } from 'vitest';
import { readBankSimulatorConfig } from './config.ts';
import { BEHAVIOURS } from './domain/behaviour.ts';

describe('the banks are configurable, within reason', () => {
  test('without configuration there is one bank for each behaviour', () => {
    const { banks } = readBankSimulatorConfig({});
    expect(banks.map(({ name }) => name)).toEqual([...BEHAVIOURS]);
  });

  test('BANKS replaces them', () => {
    const BANKS = '[{"name":"acme","behaviour":"flaky"}]';
    expect(readBankSimulatorConfig({ BANKS }).banks).toEqual([
      { name: 'acme', behaviour: 'flaky' },
    ]);
  });

  test.each([
    ['no bank at all', '[]'],
    ['a name twice', '[{"name":"a","behaviour":"ok"},{"name":"a","behaviour":"ok"}]'],
    ['an unknown behaviour', '[{"name":"a","behaviour":"kind"}]'],
    ['a name that is no path segment', '[{"name":"a/b","behaviour":"ok"}]'],
  ])('%s is refused', (_what, BANKS) => {
    expect(() => readBankSimulatorConfig({ BANKS })).toThrow(ConfigurationError);
  });
});
