import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface NatsRelease {
  version: string;
  /** Folder of the archives. */
  base: string;
  /** SHA-256 of the archive per platform. */
  sha256: Record<string, string>;
}

/**
 * What production runs, and the checksums of its published archives; those for Linux are the ones
 * that Docker's official image pins, too.
 */
export const PINNED_RELEASE: NatsRelease = {
  version: 'v2.14.5',
  base: 'https://github.com/nats-io/nats-server/releases/download/v2.14.5',
  sha256: {
    'linux-x64': '5e3b603d47c447bda1f77f9ac16dbf91c90aac4ff3681f8fbbc7201e4ed99355',
    'linux-arm64': '673a98d3faa79dde3f9ebf16d6dfac36a5f694e7ad2015e4954dd7939c85cd4c',
    'darwin-x64': 'f95c98d6b6ed2b63c5681b46b092c9585c99767d547cf495730c329234625e96',
    'darwin-arm64': 'ddd907854d9a2de834af133fa396915fe6442fe6d8909ae31390d1ea7a0fea50',
  },
};

/**
 * Downloads a release and puts its server at `target`. Answers undefined where that is not to be
 * had (no network, no archive for this platform).
 * @throws when an archive arrives that is not the pinned one: it is never unpacked
 */
export async function downloadNatsServer(
  target: string,
  release: NatsRelease = PINNED_RELEASE,
  platform: string = `${process.platform}-${process.arch}`,
): Promise<string | undefined> {
  const pinned = release.sha256[platform];
  if (!pinned) return undefined;
  const name = `nats-server-${release.version}-${platform.replace('x64', 'amd64')}`;
  const archive = await fetchArchive(`${release.base}/${name}.tar.gz`);
  if (!archive) return undefined;
  const actual = createHash('sha256').update(archive).digest('hex');
  if (actual !== pinned) throw new Error(`${name}.tar.gz has the SHA-256 ${actual}, not ${pinned}`);
  return unpack(archive, `${name}/nats-server`, target);
}

/** Where a network swallows packets nobody should wait long: 5 s for the answer to begin. */
async function fetchArchive(url: string): Promise<Uint8Array | undefined> {
  const patience = new AbortController();
  const begin = setTimeout(() => patience.abort(), 5_000);
  try {
    const answer = await fetch(url, { signal: patience.signal });
    clearTimeout(begin);
    if (!answer.ok) return undefined;
    const finish = setTimeout(() => patience.abort(), 120_000);
    return await answer.bytes().finally(() => clearTimeout(finish));
  } catch {
    return undefined;
  } finally {
    clearTimeout(begin);
  }
}

function unpack(archive: Uint8Array, member: string, target: string): string | undefined {
  mkdirSync(dirname(target), { recursive: true });
  const folder = mkdtempSync(join(dirname(target), 'unpack-'));
  try {
    writeFileSync(join(folder, 'archive.tar.gz'), archive);
    const tar = spawnSync('tar', ['-xzf', 'archive.tar.gz', member], { cwd: folder });
    if (tar.status !== 0) return undefined;
    renameSync(join(folder, member), target);
    return target;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
