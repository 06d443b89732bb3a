import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  contentOfFile,
  createContentDigest,
  digestOfFile,
  findInEntryFile,
  readEntryFile,
  writeEntryFile,
  type ArchivedEntry,
} from './entry-file.ts';

/** Hunts an entry that comes back from its file other than it went in, or not at all. */

const dir = mkdtempSync(join(tmpdir(), 'florin-entries-'));
afterAll(() => rmSync(dir, { recursive: true }));

const walletOf = (n: number): string => `0192f0c1-7a4b-7cc3-98c4-${String(n).padStart(12, '0')}`;

const entryOf = (wallet: number, sequence: number): ArchivedEntry => ({
  wallet_id: walletOf(wallet),
  sequence: BigInt(sequence),
  transaction_id: walletOf(wallet * 1000 + sequence),
  currency: sequence % 2 === 0 ? 'USD' : 'EUR',
  delta: sequence % 2 === 0 ? -(2n ** 63n) : 2n ** 63n - 1n,
  balance_after: BigInt(sequence) - 3n,
  created_us: 1_790_000_000_000_001n + BigInt(sequence),
});

const pages = [
  Array.from({ length: 700 }, (_, i) => entryOf(Math.floor(i / 7), (i % 7) + 1)),
  Array.from({ length: 300 }, (_, i) => entryOf(100 + Math.floor(i / 3), (i % 3) + 1)),
];
async function* handOver(): AsyncGenerator<ArchivedEntry[]> {
  for (const page of pages) yield await Promise.resolve(page);
}

describe('a file of entries', () => {
  const path = join(dir, 'entries.parquet');

  it('gives back every entry in its order, to the last bit and microsecond', async () => {
    const written = await writeEntryFile(path, handOver());
    const read = [];
    for await (const page of readEntryFile(path)) read.push(...page);
    expect(read).toEqual(pages.flat());
    expect(await contentOfFile(path)).toEqual(written);
    expect(written.entries).toBe(1000);
  });

  it('is searched for one wallet', async () => {
    expect(await findInEntryFile(path, walletOf(150))).toEqual(
      [1, 2, 3].map((n) => entryOf(150, n)),
    );
    expect(await findInEntryFile(path, walletOf(9999))).toEqual([]);
  });

  it('has another digest when one bit of it is another', async () => {
    const before = await digestOfFile(path);
    const bytes = readFileSync(path);
    const place = Math.floor(bytes.length / 2);
    bytes[place] = (bytes[place] ?? 0) ^ 1;
    const changed = join(dir, 'changed.parquet');
    writeFileSync(changed, bytes);
    expect(await digestOfFile(changed)).not.toBe(before);
  });
});

it.each([
  ['another amount', { delta: 1n }],
  ['another time', { created_us: 1n }],
  ['another transaction', { transaction_id: walletOf(1) }],
] as const)('content with %s is other content', (_, change) => {
  const digestOf = (entry: ArchivedEntry) => {
    const digest = createContentDigest();
    digest.add([entry]);
    return digest.end().content;
  };
  expect(digestOf({ ...entryOf(1, 1), ...change })).not.toBe(digestOf(entryOf(1, 1)));
});
