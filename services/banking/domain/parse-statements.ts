import { refuse, type Result } from '@florin/kernel';
import { parseCamtStatement } from './parse-camt-statement.ts';
import { parseCsvStatement } from './parse-csv-statement.ts';
import { checkStatements, type Statement } from './statement.ts';

/** What a bank is believed to need for a day; files that people upload are smaller still. */
export const STATEMENT_BYTES_MAX = 64 * 1024 * 1024;

const utf8 = new TextDecoder('utf-8', { fatal: true });

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Reads a file of statements, CSV or camt.053 as its first character tells. Whatever it holds, the
 * answer is statements that can be, or what is wrong in words for whoever sent it.
 */
export function parseStatements(bytes: Uint8Array): Result<Statement[], string> {
  if (bytes.length > STATEMENT_BYTES_MAX) return refuse('the file is too large');
  const text = textOf(bytes)?.trimStart();
  if (text === undefined) return refuse('the file is not UTF-8');
  if (text === '') return refuse('the file is empty');
  const told = text.startsWith('<') ? parseCamtStatement(text) : parseCsvStatement(text);
  return told.ok ? checkStatements(told.value) : told;
}
