import { checkRow } from './memory-rules.ts';
import { createRowLocks, type RowLocks } from './row-locks.ts';
import {
  emptyTables,
  keyOf,
  StatementError,
  TABLES,
  type Row,
  type TableName,
  type Tables,
} from './memory-tables.ts';

/** The books in memory: what is committed, and who has which rows locked. */
export interface MemoryBooks {
  readonly tables: Tables;
  readonly locks: RowLocks;
}

export const createMemoryBooks = (): MemoryBooks => ({
  tables: emptyTables(),
  locks: createRowLocks(),
});

export type Where = (row: Row) => boolean;

/**
 * A database transaction at READ COMMITTED: each statement sees what is committed when it begins
 * and what its own transaction wrote; who changes a row waits for whoever has it locked, and then
 * looks at it again.
 */
export class MemorySession {
  readonly books: MemoryBooks;
  #written: Tables = emptyTables();
  #isOver = false;

  constructor(books: MemoryBooks) {
    this.books = books;
  }

  get(table: TableName, key: string): Row | undefined {
    return this.#written[table].get(key) ?? this.books.tables[table].get(key);
  }

  select(table: TableName, where: Where): Row[] {
    const written = this.#written[table];
    const committed = [...this.books.tables[table]].map(([key, row]) => written.get(key) ?? row);
    const added = [...written].flatMap(([key, row]) =>
      this.books.tables[table].has(key) ? [] : [row],
    );
    return [...committed, ...added].filter(where);
  }

  /** Locks what is found, in the given order, and returns the rows as they are then. */
  async lock(table: TableName, found: readonly Row[], where: Where): Promise<Row[]> {
    const locked: Row[] = [];
    for (const row of found) {
      const key = keyOf(table, row);
      await this.#take(table, key);
      const now = this.get(table, key);
      if (now !== undefined && where(now)) locked.push(now);
    }
    return locked;
  }

  async #take(table: TableName, key: string): Promise<void> {
    if (!this.#isOver) await this.books.locks.take(this, `${table} ${key}`);
    if (!this.#isOver) return;
    this.books.locks.release(this);
    throw new StatementError('57P01', 'the session ended', 'FATAL');
  }

  /** A lock that stands for no row, until the end of the transaction. */
  async lockName(name: string): Promise<void> {
    await this.books.locks.take(this, `name ${name}`);
  }

  isFree(table: TableName, row: Row): boolean {
    return this.books.locks.isFree(this, `${table} ${keyOf(table, row)}`);
  }

  async insert(table: TableName, row: Row): Promise<void> {
    const key = keyOf(table, row);
    await this.#take(table, key);
    if (this.get(table, key) !== undefined) {
      throw new StatementError('23505', `${table} has ${key} already`);
    }
    checkRow(table, undefined, row);
    this.#written[table].set(key, row);
  }

  /** @returns false when there is no such row, or it is not as it has to be */
  async update(
    table: TableName,
    key: string,
    change: (row: Row) => Row,
    where: Where = () => true,
  ): Promise<boolean> {
    const seen = this.get(table, key);
    if (seen === undefined || !where(seen)) return false;
    await this.#take(table, key);
    const old = this.get(table, key);
    if (old === undefined || !where(old)) return false;
    const now = { ...old, ...change(old) };
    checkRow(table, old, now);
    this.#written[table].set(key, now);
    return true;
  }

  commit(): void {
    for (const table of TABLES) {
      for (const [key, row] of this.#written[table]) this.books.tables[table].set(key, row);
    }
    this.rollback();
  }

  rollback(): void {
    this.#written = emptyTables();
    this.#isOver = true;
    this.books.locks.release(this);
  }
}
