import type { MemoryServer } from './memory-server.ts';
import type { MemoryStream } from './memory-stream.ts';
import type { BusWeather } from './simulated-bus.ts';
import { startSimulatedLedger, type Attempt, type SimulatedLedger } from './simulated-ledger.ts';
import type { DatabaseWeather } from './simulated-pool.ts';
import type { SimulatedWorld } from './simulated-world.ts';

const LEDGERS = 3;
const BETWEEN_FAULTS_MS = 2_500;

/** What goes wrong, and the ledger processes that it happens to. */
export interface Faults {
  counts: Record<string, number>;
  /** Nothing goes wrong any more, and who is away comes back. */
  end(): void;
  ensureOneLives(): void;
  stopAll(): Promise<void>;
}

export interface FaultsOptions {
  world: SimulatedWorld;
  server: MemoryServer;
  streams: readonly MemoryStream[];
  commits: Attempt[];
  onAnswer(text: string): void;
  onFatal(what: string): void;
}

export function createFaults(options: FaultsOptions): Faults {
  const { world } = options;
  const counts: Record<string, number> = {};
  const database: DatabaseWeather = {
    wayMsMax: 10,
    lateShare: 0.002,
    lateMsMax: 8_000,
    brokenShare: 0.004,
    downUntilMs: 0,
  };
  const bus: BusWeather = {
    wayMsMax: 20,
    droppedShare: 0.02,
    unheardShare: 0.02,
    silentShare: 0.01,
  };
  let ledgers: SimulatedLedger[] = [];
  let started = 0;
  let isOver = false;

  function startOne(): void {
    const name = `ledger-${++started}`;
    const parts = { ...options, databaseWeather: database, busWeather: bus };
    ledgers.push(startSimulatedLedger(parts, name));
  }

  /** Whoever runs the processes starts another one where one has ended. */
  function replaceDead(): void {
    const dead = ledgers.filter(({ process }) => !process.alive);
    ledgers = ledgers.filter(({ process }) => process.alive);
    for (const _ of dead) world.after(world.between(0, 3_000), startOne);
  }

  const faults: Record<string, (ledger: SimulatedLedger) => void> = {
    /** Before one of its next steps: wherever that is. */
    killed: ({ process }) => {
      process.stepsToLive = 1 + Math.floor(world.between(0, 60));
    },
    asleep: ({ process }) => {
      process.pausedUntilMs = world.nowMs() + world.between(200, 8_000);
    },
    /** It doesn't know: what it has just begun arrives when others have taken over. */
    cutOff: ({ process }) => {
      process.cutOffUntilMs = world.nowMs() + world.between(1_000, 8_000);
    },
    stopped: (ledger) => {
      world.runAs(ledger.process, () => void ledger.stop().then(() => world.kill(ledger.process)));
    },
    disconnected: ({ setConnected }) => {
      setConnected(false);
      world.after(world.between(100, 6_000), () => setConnected(true));
    },
    databaseAway: () => {
      database.downUntilMs = world.nowMs() + world.between(100, 4_000);
      for (const { breakDatabase } of ledgers) breakDatabase();
    },
    clockJumped: ({ process }) => {
      process.skewMs = Math.floor(world.between(-20_000, 20_000));
    },
  };

  function next(): void {
    if (isOver) return;
    replaceDead();
    const name = world.pick(Object.keys(faults));
    const ledger = world.pick(ledgers);
    if (ledger !== undefined) {
      counts[name] = (counts[name] ?? 0) + 1;
      faults[name]?.(ledger);
    }
    world.after(world.between(0, 2 * BETWEEN_FAULTS_MS), next);
  }

  for (let i = 0; i < LEDGERS; i++) startOne();
  world.after(world.between(500, BETWEEN_FAULTS_MS), next);
  return {
    counts,
    end() {
      isOver = true;
      Object.assign(database, { lateShare: 0, brokenShare: 0, downUntilMs: 0 });
      Object.assign(bus, { droppedShare: 0, unheardShare: 0, silentShare: 0 });
      for (const { process, setConnected } of ledgers) {
        process.cutOffUntilMs = 0;
        process.stepsToLive = Infinity;
        setConnected(true);
      }
      replaceDead();
    },
    ensureOneLives() {
      if (ledgers.some(({ process }) => process.alive)) return;
      ledgers = [];
      startOne();
    },
    async stopAll() {
      for (const { process } of ledgers) world.kill(process);
    },
  };
}
