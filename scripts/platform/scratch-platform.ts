import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { faultText } from '@florin/kernel';
import { clearPostgres } from '@florin/testing';
import { NO_RATE_LIMITS } from './rate-limits.ts';
import { startPlatform, type Platform, type PlatformOptions } from './platform.ts';
import type { Secrets } from './secrets.ts';
import { lastTroubles, noteTrouble } from './troubles.ts';

export interface ScratchPlatform extends Platform {
  /** Everything that is stored lies here, until it is disposed of. */
  dir: string;
  /** What a thief would be after. */
  secrets(): Secrets;
  /** What the nats-server has written so far. */
  natsLog(): string;
  /** What an instance of a service has written since its last start, line by line. */
  serviceLog(name: string): string[];
}

/**
 * A platform in a folder of its own, which is gone when it's disposed of. Nobody counts requests
 * there unless the options say how many are too many.
 */
export async function startScratchPlatform(
  options: Omit<PlatformOptions, 'dir'> = {},
): Promise<ScratchPlatform> {
  const dir = mkdtempSync(join(tmpdir(), 'florin-scratch-'));
  // Postgres may have to run as another user, who must get in.
  chmodSync(dir, 0o711);
  const clear = async (): Promise<void> => {
    await clearPostgres(join(dir, 'postgres'));
    rmSync(dir, { recursive: true, force: true });
  };
  const warn = (line: string): void => {
    noteTrouble(line);
    options.warn?.(line);
  };
  try {
    const gateway = { RATE_LIMITS: NO_RATE_LIMITS, ...options.serviceEnv?.['gateway'] };
    const serviceEnv = { ...options.serviceEnv, gateway };
    const platform = await startPlatform({ demo: false, ...options, warn, serviceEnv, dir });
    const stop = async (): Promise<void> => {
      await platform.stop();
      await clear();
    };
    const read = (file: string): string => readFileSync(join(dir, file), 'utf8');
    return {
      ...platform,
      dir,
      secrets: () => JSON.parse(read('secrets.json')) as Secrets,
      natsLog: () => read('nats/nats-server.log'),
      serviceLog: (name) => read(`logs/${name}.log`).split('\n'),
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await clear();
    const why = [faultText(error), ...lastTroubles()].join(' | ');
    throw new Error(`no platform: ${why}`, { cause: error });
  }
}
