import { isTransient, type Database } from '@florin/postgres';
import { noteAsking, noteFound, noteRefusedKey, readNote } from '../sql/provider-notes.ts';
import { BankFault } from './bank-fault.ts';

interface Note {
  /** When it was first asked for; null when never. */
  readonly askedAtMs: number | null;
  /** What the provider calls it, once that is known. */
  readonly reference: string | null;
}

/**
 * What is remembered of payments at a provider whose keys don't live for ever.
 * @throws BankFault while the database is away: nothing has left then
 */
export interface ProviderNotes {
  /** Written before the first request leaves. */
  asking(transactionId: string): Promise<Note & { askedAtMs: number; keys: number }>;
  /** The next request has another key: the provider has refused the order under this one. */
  renewKey(transactionId: string): Promise<void>;
  read(transactionId: string): Promise<Note>;
  /** The first one that is heard of stays. */
  found(transactionId: string, reference: string): Promise<void>;
}

interface Row {
  askedAt: Date | null;
  reference: string | null;
  keys: number;
}

const NOTHING: Row = { askedAt: null, reference: null, keys: 0 };

export function createProviderNotes(pool: Database['hot']): ProviderNotes {
  async function query(statement: { name: string; text: string }, values: string[]): Promise<Row> {
    try {
      const { rows } = await pool.query<Row>({ ...statement, values });
      return rows[0] ?? NOTHING;
    } catch (error) {
      if (!isTransient(error)) throw error;
      throw new BankFault('what was asked of a bank can not be noted', false, { cause: error });
    }
  }
  const noteOf = ({ askedAt, reference }: Row): Note => ({
    askedAtMs: askedAt?.getTime() ?? null,
    reference,
  });
  return {
    async asking(id) {
      const row = await query(noteAsking, [id]);
      return { ...noteOf(row), askedAtMs: row.askedAt?.getTime() ?? 0, keys: row.keys };
    },
    renewKey: async (id) => void (await query(noteRefusedKey, [id])),
    read: async (id) => noteOf(await query(readNote, [id])),
    found: async (id, reference) => void (await query(noteFound, [id, reference])),
  };
}
