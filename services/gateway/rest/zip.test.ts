import { inflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { zipOf } from './zip.ts';

/** Reads an archive as unpackers do: from the directory at its end. */
function unzip(archive: Buffer): Record<string, string> {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  const files: Record<string, string> = {};
  for (let member = 0; member < count; member++) {
    const packed = archive.readUInt32LE(at + 20);
    const nameLength = archive.readUInt16LE(at + 28);
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
    const local = archive.readUInt32LE(at + 42);
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    files[name] = inflateRawSync(archive.subarray(start, start + packed)).toString();
    at += 46 + nameLength;
  }
  return files;
}

test('hunts archives that unpackers refuse or read differently', () => {
  const files = {
    'export.json': '{"name":"Ünïcödé"}',
    'empty.csv': '',
    'big.csv': 'a,b\r\n'.repeat(9999),
  };
  const archive = zipOf(files, Date.UTC(2026, 0, 31, 12, 30, 10));
  expect(unzip(archive)).toEqual(files);
  expect(archive.length).toBeLessThan(2_000);
  // 2026-01-31, 12:30:10 as MS-DOS wrote it.
  expect(archive.readUInt16LE(12)).toBe((46 << 9) | (1 << 5) | 31);
  expect(archive.readUInt16LE(10)).toBe((12 << 11) | (30 << 5) | 5);
});
