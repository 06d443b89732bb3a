import { createMemoryBooks, MemorySession, type MemoryBooks } from './memory-session.ts';
import { STATEMENTS, type Statement } from './memory-statements.ts';
import { StatementError, type Row } from './memory-tables.ts';
import { TerminalError } from '@florin/kernel';

/** What a statement answers, as the driver hands it over. */
export interface Answered {
  command: string;
  rows: Row[];
  rowCount: number;
}

export interface Asked {
  name: string;
  text: string;
  values: readonly unknown[];
}

/** Statement → what it does instead: how a bug is planted. */
export type Mutant = Record<string, (original: Statement) => Statement>;

/** A connection as the server sees it: statements one after the other. */
export interface ServerSession {
  execute(asked: Asked): Promise<Answered>;
  inTransaction(): boolean;
  /** The connection is gone: what was not committed never was. */
  end(): void;
}

export interface MemoryServer {
  readonly books: MemoryBooks;
  /** @param onCommit called when a transaction of this session was committed */
  open(onCommit: () => void): ServerSession;
}

export function createMemoryServer(nowMs: () => number, mutant: Mutant = {}): MemoryServer {
  const books = createMemoryBooks();
  return { books, open: (onCommit) => createSession(books, nowMs, mutant, onCommit) };
}

function createSession(
  books: MemoryBooks,
  nowMs: () => number,
  mutant: Mutant,
  onCommit: () => void,
): ServerSession {
  let transaction: MemorySession | undefined;
  let isFailed = false;
  let isEnded = false;

  function finish(command: 'COMMIT' | 'ROLLBACK'): Answered {
    const works = command === 'COMMIT' && !isFailed && transaction !== undefined;
    if (works) transaction?.commit();
    else transaction?.rollback();
    transaction = undefined;
    isFailed = false;
    if (works) onCommit();
    return { command: works ? 'COMMIT' : 'ROLLBACK', rows: [], rowCount: 0 };
  }

  async function run({ name, text, values }: Asked, session: MemorySession): Promise<Answered> {
    const original = STATEMENTS[name];
    if (original === undefined) throw new TerminalError(`the memory doesn’t know ${name}: ${text}`);
    const statement = mutant[name]?.(original) ?? original;
    const answer = await statement(session, { text, values, nowMs: nowMs() });
    const rows = typeof answer === 'number' ? [] : answer;
    return { command: '', rows, rowCount: typeof answer === 'number' ? answer : rows.length };
  }

  return {
    inTransaction: () => transaction !== undefined,
    async execute(asked) {
      if (isEnded) throw new StatementError('57P01', 'the session ended', 'FATAL');
      if (asked.text === 'BEGIN') {
        transaction = new MemorySession(books);
        return { command: 'BEGIN', rows: [], rowCount: 0 };
      }
      if (asked.text === 'COMMIT' || asked.text === 'ROLLBACK') return finish(asked.text);
      if (isFailed) throw new StatementError('25P02', 'the transaction has failed already');
      const session = transaction ?? new MemorySession(books);
      try {
        const answer = await run(asked, session);
        if (transaction === undefined) session.commit();
        return answer;
      } catch (error) {
        if (transaction === undefined) session.rollback();
        else isFailed = true;
        throw error;
      }
    },
    end() {
      if (isEnded) return;
      isEnded = true;
      transaction?.rollback();
      transaction = undefined;
    },
  };
}
