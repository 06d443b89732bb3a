import { AsyncLocalStorage } from 'node:async_hooks';

/** Taken before anybody replaces it: it lets promises settle between two happenings. */
const realSetImmediate = setImmediate;

/** Where the simulated wall clock starts: any time does. */
const WALL_START_MS = 1_800_000_000_000;

/** A program that runs in the simulation. What it waits for never comes once it was killed. */
export interface SimulatedProcess {
  readonly name: string;
  alive: boolean;
  /** Asleep until then: everything for it comes later, at once. */
  pausedUntilMs: number;
  missed: (() => void)[];
  /** What it sends to the database arrives no earlier. */
  cutOffUntilMs: number;
  /** How far its wall clock is off. */
  skewMs: number;
  /** Killed before its so-many-th step from now: between any two awaits. */
  stepsToLive: number;
  onKilled: (() => void)[];
}

interface Happening {
  atMs: number;
  order: number;
  process: SimulatedProcess | undefined;
  run(): void;
}

export interface Scheduled {
  cancel(): void;
}

/** Numbers that follow from a seed alone (xorshift128). */
function createRandom(seed: number): () => number {
  let [a, b, c, d] = [seed | 0, (seed ^ 0x9e3779b9) | 0, 0x243f6a88, 0xb7e15162];
  const next = (): number => {
    const t = a ^ (a << 11);
    [a, b, c] = [b, c, d];
    d = d ^ (d >>> 19) ^ t ^ (t >>> 8);
    return (d >>> 0) / 0x1_0000_0000;
  };
  for (let i = 0; i < 20; i++) next();
  return next;
}

/**
 * A world with one clock and one list of what is to happen: the same seed, the same history. Code
 * runs in it as somebody's process, and goes on only when something happens to it.
 */
export class SimulatedWorld {
  readonly random: () => number;
  readonly #current = new AsyncLocalStorage<SimulatedProcess>();
  /** A heap, by time and then by order. */
  readonly #heap: Happening[] = [];
  #nowMs = 0;
  #order = 0;
  steps = 0;

  constructor(seed: number) {
    this.random = createRandom(seed);
  }

  nowMs(): number {
    return this.#nowMs;
  }

  /** Of whoever asks: clocks differ. */
  wallMs(): number {
    return WALL_START_MS + this.#nowMs + (this.current()?.skewMs ?? 0);
  }

  current(): SimulatedProcess | undefined {
    return this.#current.getStore();
  }

  chance(probability: number): boolean {
    return this.random() < probability;
  }

  between(from: number, to: number): number {
    return from + this.random() * (to - from);
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.random() * list.length)] as T;
  }

  start(name: string): SimulatedProcess {
    return {
      name,
      alive: true,
      pausedUntilMs: 0,
      missed: [],
      cutOffUntilMs: 0,
      skewMs: 0,
      stepsToLive: Infinity,
      onKilled: [],
    };
  }

  kill(process: SimulatedProcess): void {
    if (!process.alive) return;
    process.alive = false;
    for (const tell of process.onKilled) tell();
  }

  runAs<T>(process: SimulatedProcess, work: () => T): T {
    return this.#current.run(process, work);
  }

  /** Lets something happen after a while: to a process, if it still lives then. */
  after(delayMs: number, run: () => void, process?: SimulatedProcess): Scheduled {
    const happening = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, process };
    let isCancelled = false;
    this.#push({ ...happening, run: () => void (isCancelled || run()) });
    return { cancel: () => void (isCancelled = true) };
  }

  /** Waits, as whoever calls: for ever, if that one is killed meanwhile. */
  wait(delayMs: number): Promise<void> {
    const process = this.current();
    return new Promise((resolve) => this.after(delayMs, resolve, process));
  }

  /** Lets things happen until a time, or until it is so. */
  async runUntil(untilMs: number, isDone: () => boolean = () => false): Promise<void> {
    while (!isDone()) {
      const next = this.#heap[0];
      if (next === undefined || next.atMs > untilMs) break;
      this.#pop();
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      if (this.#happens(next)) await new Promise((resolve) => realSetImmediate(resolve));
    }
    if (!isDone()) this.#nowMs = Math.max(this.#nowMs, untilMs);
  }

  #happens({ process, run }: Happening): boolean {
    if (process === undefined) {
      this.#current.exit(run);
      return true;
    }
    if (process.alive && --process.stepsToLive <= 0) this.kill(process);
    if (!process.alive) return false;
    if (process.pausedUntilMs > this.#nowMs || process.missed.length > 0) {
      if (process.missed.push(run) === 1) this.#wakeLater(process);
      return false;
    }
    this.steps += 1;
    this.#current.run(process, run);
    return true;
  }

  /** What it has missed comes in order, before anything else does. */
  #wakeLater(process: SimulatedProcess): void {
    this.after(process.pausedUntilMs - this.#nowMs, () => {
      if (process.pausedUntilMs > this.#nowMs) return this.#wakeLater(process);
      for (const run of process.missed.splice(0)) this.after(0, run, process);
    });
  }

  #push(happening: Happening): void {
    const heap = this.#heap;
    let place = heap.push(happening) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!isBefore(happening, heap[parent] as Happening)) break;
      heap[place] = heap[parent] as Happening;
      place = parent;
    }
    heap[place] = happening;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as Happening;
    if (heap.length === 0) return;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      const right = heap[child + 1];
      if (right !== undefined && isBefore(right, heap[child] as Happening)) child += 1;
      if (!isBefore(heap[child] as Happening, last)) break;
      heap[place] = heap[child] as Happening;
      place = child;
    }
    heap[place] = last;
  }
}

const isBefore = (a: Happening, b: Happening): boolean =>
  a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
