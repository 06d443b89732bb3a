import { describe, expect, test } from 'vitest';
import { sniffMediaType } from './sniff-media-type.ts';

const bytes = (...parts: (string | number[])[]): Buffer =>
  Buffer.concat(
    parts.map((part) =>
      typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.of(...part),
    ),
  );

const PNG = bytes([0x89], 'PNG\r\n\x1a\n', [0, 0, 0, 13], 'IHDR', '\0'.repeat(17), '\0\0\0\0IDAT');

describe('hunts a program that calls itself a picture', () => {
  test.each([
    ['a PNG', PNG, 'image/png'],
    ['a JPEG', bytes([0xff, 0xd8, 0xff, 0xe0], '\0\x10JFIF\0'), 'image/jpeg'],
    ['a PDF', bytes('%PDF-1.7\n'), 'application/pdf'],
    ['a Windows program', bytes('MZ', '\0'.repeat(100)), undefined],
    ['a Linux program', bytes([0x7f], 'ELF', '\0'.repeat(100)), undefined],
    ['a shell script', bytes('#!/bin/sh\nrm -rf /\n'), undefined],
    ['a page', bytes('<html><script>alert(1)</script></html>'), undefined],
    ['a drawing with scripts', bytes('<svg xmlns="http://www.w3.org/2000/svg"></svg>'), undefined],
    ['an archive', bytes('PK\x03\x04', '\0'.repeat(50)), undefined],
    ['a GIF', bytes('GIF89a', '\0'.repeat(20)), undefined],
    ['nothing', Buffer.alloc(0), undefined],
    ['noise', Buffer.alloc(500, 7), undefined],
  ])('%s is taken for %s', async (_, content, expected) => {
    expect(await sniffMediaType(content)).toBe(expected);
  });
});
