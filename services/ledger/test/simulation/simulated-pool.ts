import type pg from 'pg';
import type { Answered, MemoryServer, ServerSession } from './memory-server.ts';
import { StatementError } from './memory-tables.ts';
import type { SimulatedProcess, SimulatedWorld } from './simulated-world.ts';

/** How the way to the database behaves. Shares are of statements. */
export interface DatabaseWeather {
  /** Usual times of a way, in milliseconds. */
  wayMsMax: number;
  /** Statements that are on their way for a long time: longer than a lease may last. */
  lateShare: number;
  lateMsMax: number;
  /** Statements whose connection breaks, on the way there or back. */
  brokenShare: number;
  /** Until then nobody gets a connection. */
  downUntilMs: number;
}

export interface SimulatedPoolOptions {
  world: SimulatedWorld;
  server: MemoryServer;
  weather: DatabaseWeather;
  process: SimulatedProcess;
  max: number;
  idleInTransactionMs: number;
  /** Asked when a client is taken: who wants to know what becomes of it. */
  onTaken(): Taker;
}

/** Whoever has a connection at the moment. */
export interface Taker {
  /** Its wallets are being read: what is committed by then it sees. */
  onRead(): void;
  onCommit(): void;
}

const lost = (): Error =>
  Object.assign(new Error('the connection was lost'), { code: 'ECONNRESET' });

interface Query {
  name?: string;
  text: string;
  values?: readonly unknown[];
}

/** One connection: what is sent arrives in order, and so do the answers. */
class Connection {
  readonly pipeline = true;
  readonly #options: SimulatedPoolOptions;
  readonly #session: ServerSession;
  readonly #awaited = new Set<(error: Error) => void>();
  #taker: Taker = { onRead: () => {}, onCommit: () => {} };
  #served: Promise<unknown> = Promise.resolve();
  #arrivesMs = 0;
  #answersMs = 0;
  #statements = 0;
  #isCut = false;
  isBroken = false;
  release: (destroy?: boolean) => void = () => {};

  constructor(options: SimulatedPoolOptions) {
    this.#options = options;
    this.#session = options.server.open(() => this.#taker.onCommit());
    // The server finds out later that nobody is there any more; what was sent still arrives.
    options.process.onKilled.push(() => {
      options.world.after(options.world.between(0, 4000), () => this.#session.end());
    });
  }

  taken(by: Taker): void {
    this.#taker = by;
  }

  query(asked: Query | string, parameters: readonly unknown[] = []): Promise<Answered> {
    if (this.isBroken) return Promise.reject(lost());
    const query = typeof asked === 'string' ? { text: asked } : asked;
    const { name = '', text, values = parameters } = query;
    const { world, weather, process } = this.#options;
    return new Promise((resolve, reject) => {
      this.#awaited.add(reject);
      // Where something was lost on the way, all that follows it is.
      if (this.#isCut) return;
      const breaks = world.chance(weather.brokenShare);
      if (breaks && world.chance(0.5)) {
        this.#isCut = true;
        world.after(this.#way(), () => this.break(), process);
        return;
      }
      const arrivesMs = Math.max(world.nowMs() + this.#way(), process.cutOffUntilMs);
      this.#arrivesMs = Math.max(this.#arrivesMs, arrivesMs);
      world.after(this.#arrivesMs - world.nowMs(), () => {
        this.#statements += 1;
        this.#served = this.#served.then(async () => {
          if (name === 'lock-wallets') this.#taker.onRead();
          const outcome = await this.#session.execute({ name, text, values }).then(
            (answer) => () => resolve(answer),
            (error: Error) => () => reject(error),
          );
          if (breaks) return this.break();
          this.#answer(() => {
            this.#awaited.delete(reject);
            outcome();
          });
        });
      });
    });
  }

  #way(): number {
    const { world, weather } = this.#options;
    const isLate = world.chance(weather.lateShare);
    return world.between(0, isLate ? weather.lateMsMax : weather.wayMsMax);
  }

  #answer(outcome: () => void): void {
    const { world, process } = this.#options;
    this.#answersMs = Math.max(this.#answersMs, world.nowMs() + this.#way());
    world.after(this.#answersMs - world.nowMs(), outcome, process);
    this.#watchIdle(this.#statements);
  }

  /** A session that keeps rows locked and asks nothing is ended by the server. */
  #watchIdle(statements: number): void {
    const { world, idleInTransactionMs } = this.#options;
    if (!this.#session.inTransaction()) return;
    world.after(idleInTransactionMs, () => {
      if (this.#statements === statements && this.#session.inTransaction()) this.break();
    });
  }

  /** What is unanswered stays so: nobody knows what became of it. */
  break(): void {
    if (this.isBroken) return;
    this.isBroken = true;
    this.#session.end();
    const { world, process } = this.#options;
    for (const reject of this.#awaited) {
      world.after(this.#way(), () => reject(lost()), process);
    }
    this.#awaited.clear();
  }
}

export interface SimulatedPool {
  pool: pg.Pool;
  /** The server goes away with all its connections. */
  breakAll(): void;
}

/** Connections of one process, as pg's pool hands them out. */
export function createSimulatedPool(options: SimulatedPoolOptions): SimulatedPool {
  const { world, weather, max, onTaken } = options;
  const open = new Set<Connection>();
  const idle: Connection[] = [];
  const waiting: ((connection: Connection) => void)[] = [];

  async function connect(): Promise<Connection> {
    const taker = onTaken();
    const connection = await available();
    connection.taken(taker);
    connection.release = (destroy = false) => giveBack(connection, destroy);
    return connection;
  }

  async function available(): Promise<Connection> {
    const known = idle.pop();
    if (known !== undefined) return known;
    if (open.size >= max) return new Promise((resolve) => waiting.push(resolve));
    const opened = new Connection(options);
    open.add(opened);
    await world.wait(world.between(0, weather.wayMsMax));
    if (world.nowMs() >= weather.downUntilMs) return opened;
    giveBack(opened, true);
    throw Object.assign(new Error('nobody listens'), { code: 'ECONNREFUSED' });
  }

  function giveBack(connection: Connection, destroy: boolean): void {
    if (destroy || connection.isBroken) {
      connection.break();
      open.delete(connection);
      const next = waiting.shift();
      if (next === undefined) return;
      const opened = new Connection(options);
      open.add(opened);
      next(opened);
    } else {
      const next = waiting.shift();
      if (next === undefined) idle.push(connection);
      else next(connection);
    }
  }

  async function query(asked: Query, values: readonly unknown[]): Promise<Answered> {
    const connection = await connect();
    try {
      return await connection.query(asked, values);
    } catch (error) {
      connection.isBroken ||= !(error instanceof StatementError);
      throw error;
    } finally {
      connection.release();
    }
  }

  return {
    pool: { connect, query } as unknown as pg.Pool,
    breakAll() {
      for (const connection of open) connection.break();
      for (const connection of idle.splice(0)) open.delete(connection);
    },
  };
}
