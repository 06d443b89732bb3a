import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clearPostgres } from '@florin/testing';
import { startPlatform, type Platform, type PlatformOptions } from './platform.ts';

/** A platform in a folder of its own, which is gone when it's disposed of. */
export async function startScratchPlatform(
  options: Omit<PlatformOptions, 'dir'> = {},
): Promise<Platform> {
  const dir = mkdtempSync(join(tmpdir(), 'florin-scratch-'));
  // Postgres may have to run as another user, who must get in.
  chmodSync(dir, 0o711);
  const clear = async (): Promise<void> => {
    await clearPostgres(join(dir, 'postgres'));
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    const platform = await startPlatform({ demo: false, ...options, dir });
    const stop = async (): Promise<void> => {
      await platform.stop();
      await clear();
    };
    return { ...platform, stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await clear();
    throw error;
  }
}
