import { isUtf8 } from 'node:buffer';
import { BULK_LINE_BYTES_MAX } from '@florin/contracts';
import { ok, refuse, type Result } from '@florin/kernel';

/** Whole lines of an upload, as many as travel together. */
export interface Piece {
  number: number;
  firstLine: number;
  lines: number;
  text: string;
}

/** Far below what a message may hold, though every quote in it is written as two characters. */
const PIECE_BYTES_MAX = 262_144;
const PIECE_LINES_MAX = 1_000;
const NEWLINE = 0x0a;

interface Cut {
  /** Lines collected for the next piece, newline included. */
  lines: Buffer[];
  bytes: number;
  /** What stands behind the last newline. */
  rest: Buffer[];
  restBytes: number;
  number: number;
  firstLine: number;
}

/**
 * Cuts an upload into pieces of whole lines. Where it cuts follows from the bytes alone, not from
 * how they arrived: the same file uploaded again makes the same pieces.
 */
export function createPieceCutter() {
  const cut: Cut = { lines: [], bytes: 0, rest: [], restBytes: 0, number: 1, firstLine: 1 };

  function close(): Result<Piece, string> {
    const { lines, number, firstLine } = cut;
    const bytes = Buffer.concat(lines, cut.bytes);
    if (!isUtf8(bytes) || bytes.includes(0)) {
      return refuse(`between line ${firstLine} and ${firstLine + lines.length - 1} is no text`);
    }
    cut.lines = [];
    cut.bytes = 0;
    cut.number++;
    cut.firstLine += lines.length;
    return ok({ number, firstLine, lines: lines.length, text: bytes.toString('utf8') });
  }

  const lineNumber = (): number => cut.firstLine + cut.lines.length;
  const tooLong = (): Result<never, string> =>
    refuse(`line ${lineNumber()} has more than ${BULK_LINE_BYTES_MAX} bytes`);

  /** A line is complete: it closes the piece before it where both are too much together. */
  function addLine(line: Buffer, closed: Piece[]): Result<void, string> {
    if (line.length > BULK_LINE_BYTES_MAX) return tooLong();
    if (cut.bytes + line.length > PIECE_BYTES_MAX || cut.lines.length === PIECE_LINES_MAX) {
      const piece = close();
      if (!piece.ok) return piece;
      closed.push(piece.value);
    }
    cut.lines.push(line);
    cut.bytes += line.length;
    return ok(undefined);
  }

  function takeRest(end: Buffer): Buffer {
    if (cut.restBytes === 0) return end;
    const line = Buffer.concat([...cut.rest, end], cut.restBytes + end.length);
    cut.rest = [];
    cut.restBytes = 0;
    return line;
  }

  return {
    /** The pieces that are complete with these bytes, or why this is no such file. */
    add(chunk: Buffer): Result<Piece[], string> {
      const closed: Piece[] = [];
      let from = 0;
      for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
        const added = addLine(takeRest(chunk.subarray(from, at + 1)), closed);
        if (!added.ok) return added;
        from = at + 1;
      }
      if (from < chunk.length) {
        cut.rest.push(chunk.subarray(from));
        cut.restBytes += chunk.length - from;
      }
      return cut.restBytes > BULK_LINE_BYTES_MAX ? tooLong() : ok(closed);
    },
    /** The pieces that are left when all has arrived; the last line may lack its newline. */
    end(): Result<Piece[], string> {
      const closed: Piece[] = [];
      if (cut.restBytes > 0) {
        const added = addLine(takeRest(Buffer.alloc(0)), closed);
        if (!added.ok) return added;
      }
      if (cut.lines.length > 0) {
        const piece = close();
        if (!piece.ok) return piece;
        closed.push(piece.value);
      }
      return ok(closed);
    },
  };
}
