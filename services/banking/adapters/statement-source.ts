import { request, type Dispatcher } from 'undici';
import { z } from 'zod';
import { STATEMENT_BYTES_MAX } from '../domain/parse-statements.ts';
import { bankFaultOf, BankFault } from './bank-fault.ts';

/** Where one bank offers its statements. Both calls throw BankFault when it gives no answer. */
export interface StatementSource {
  readonly bank: string;
  /** The days that there are statements of; none of a bank that offers no statements. */
  listDays(): Promise<{ day: string; complete: boolean }[]>;
  /** The file of a day, CSV or camt.053. */
  fetchDay(day: string): Promise<Uint8Array>;
}

const DAYS_BYTES_MAX = 1024 * 1024;

const days = z.object({
  days: z.array(z.object({ day: z.iso.date(), complete: z.boolean() })).max(10_000),
});

/** No more than so much: what is longer is not read to its end. */
async function readAll(body: Dispatcher.ResponseData['body'], bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new Error(`more than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The statements that a bank offers beside its payments. */
export function createStatementSource(
  { name, url }: { name: string; url: string },
  timeoutMs: number,
): StatementSource {
  const base = url.replace(/\/$/, '');

  /** Undefined where there is no such thing. */
  async function get(path: string, bytesMax: number): Promise<Buffer | undefined> {
    try {
      const { statusCode, body } = await request(`${base}${path}`, {
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (statusCode === 200) return await readAll(body, bytesMax);
      await body.dump();
      if (statusCode === 404) return undefined;
      throw new BankFault(`bank ${name} answered ${statusCode}`, false);
    } catch (error) {
      throw error instanceof BankFault ? error : bankFaultOf(name, error);
    }
  }

  return {
    bank: name,
    async listDays() {
      const told = await get('/statements', DAYS_BYTES_MAX);
      if (told === undefined) return [];
      try {
        return days.parse(JSON.parse(told.toString())).days;
      } catch (error) {
        throw new BankFault(`bank ${name} lists its days in other words`, false, { cause: error });
      }
    },
    async fetchDay(day) {
      const file = await get(
        `/statements/document?day=${day}&format=camt.053`,
        STATEMENT_BYTES_MAX,
      );
      if (file === undefined) throw new BankFault(`bank ${name} has no statement of ${day}`, false);
      return file;
    },
  };
}
