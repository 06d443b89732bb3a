import { BULK_LINE_BYTES_MAX } from '@florin/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPieceCutter, type Piece } from './cut-pieces.ts';

function cut(chunks: readonly Buffer[]): Piece[] | string {
  const cutter = createPieceCutter();
  const pieces: Piece[] = [];
  for (const chunk of chunks) {
    const added = cutter.add(chunk);
    if (!added.ok) return added.error;
    pieces.push(...added.value);
  }
  const rest = cutter.end();
  if (!rest.ok) return rest.error;
  return [...pieces, ...rest.value];
}

const piecesOf = (...texts: string[]): Piece[] => {
  const pieces = cut(texts.map((text) => Buffer.from(text)));
  if (typeof pieces === 'string') throw new Error(pieces);
  return pieces;
};

describe('cutting an upload: hunts lines that are lost, broken or counted wrongly', () => {
  test.each([
    ['nothing', [''], []],
    ['a line without its end', ['a'], [[1, 1, 'a']]],
    ['a line with it', ['a\n'], [[1, 1, 'a\n']]],
    ['a line in parts', ['a', 'b', 'c\nd'], [[1, 2, 'abc\nd']]],
    ['empty lines are lines', ['\n\na\n'], [[1, 3, '\n\na\n']]],
  ])('%s', (_, texts, expected) => {
    const pieces = piecesOf(...texts);
    expect(pieces.map(({ firstLine, lines, text }) => [firstLine, lines, text])).toEqual(expected);
  });

  test('a thousand lines are a piece', () => {
    const pieces = piecesOf('x\n'.repeat(2_500));
    expect(pieces.map(({ number, firstLine, lines }) => [number, firstLine, lines])).toEqual([
      [1, 1, 1000],
      [2, 1001, 1000],
      [3, 2001, 500],
    ]);
  });

  test('long lines make small pieces, none of them too large to travel', () => {
    const pieces = piecesOf(`${'x'.repeat(60_000)}\n`.repeat(20));
    expect(pieces.every(({ text }) => text.length <= 262_144)).toBe(true);
    expect(pieces.reduce((sum, { lines }) => sum + lines, 0)).toBe(20);
  });

  test.each([
    ['too long a line', Buffer.alloc(BULK_LINE_BYTES_MAX + 1, 'x'), 'line 1 has more than'],
    ['no text', Buffer.from([0x7b, 0xff, 0x0a]), 'is no text'],
    ['a NUL', Buffer.from('{"a":"\u0000"}\n'), 'is no text'],
  ])('%s is refused', (_, bytes, why) => {
    expect(cut([bytes])).toContain(why);
  });

  test('where it cuts follows from the bytes, however they arrive', () => {
    const lines = fc.array(fc.string({ unit: 'grapheme', maxLength: 300 }), { maxLength: 1_500 });
    fc.assert(
      fc.property(lines, fc.array(fc.nat(), { maxLength: 20 }), (texts, cuts) => {
        const bytes = Buffer.from(texts.join('\n').replaceAll('\u0000', ''));
        const places = [0, ...cuts.map((n) => n % (bytes.length + 1)), bytes.length];
        const sorted = places.toSorted((a, b) => a - b);
        const chunks = sorted.slice(1).map((to, index) => bytes.subarray(sorted[index], to));
        const [arrived, whole] = [cut(chunks), cut([bytes])];
        expect(arrived).toEqual(whole);
        if (typeof whole === 'string') throw new Error(whole);
        expect(whole.map(({ text }) => text).join('')).toBe(bytes.toString());
      }),
      { numRuns: 60 },
    );
  });
});
