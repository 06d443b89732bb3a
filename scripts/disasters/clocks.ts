import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findTool } from '../charts/install-tools.ts';

/** Clocks of processes, each as a file says: theirs of the day, not the one they measure with. */
export interface Clocks {
  /** By how much they are wrong from now on, as "+26h". */
  set(processes: readonly string[], offset: string): void;
  /** What each is started with. */
  environments: Record<string, Record<string, string>>;
}

/** @returns why there are none, where their library can't be had */
export function openClocks(dir: string, processes: readonly string[]): Clocks | string {
  const tool = findTool('libfaketime.so.1');
  if (!('path' in tool)) return `libfaketime can't be had: ${tool.missing}`;
  mkdirSync(dir, { recursive: true });
  const fileOf = (one: string): string => join(dir, one);
  const set: Clocks['set'] = (wrong, offset) => {
    for (const one of wrong) writeFileSync(fileOf(one), `${offset}\n`);
  };
  set(processes, '+0');
  const environment = (one: string): Record<string, string> => ({
    LD_PRELOAD: tool.path,
    FAKETIME_TIMESTAMP_FILE: fileOf(one),
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  });
  const environments = Object.fromEntries(processes.map((one) => [one, environment(one)]));
  return { set, environments };
}
