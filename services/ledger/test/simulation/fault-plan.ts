import type { MemoryStream } from './memory-stream.ts';
import type { BusWeather } from './simulated-bus.ts';
import { startSimulatedLedger, type SimulatedLedger } from './simulated-ledger.ts';
import type { SimulatedShard, SimulatedShards } from './simulated-shards.ts';
import type { SimulatedWorld } from './simulated-world.ts';

/** Of one database; where there are several, each has one less. */
const LEDGERS = 3;
/** Of three processes: more of them have more faults. */
const BETWEEN_FAULTS_MS = 2_500;

/** What goes wrong, and the ledger processes that it happens to. */
export interface Faults {
  counts: Record<string, number>;
  /** Nothing goes wrong any more, and who is away comes back. */
  end(): void;
  /** In each shard. */
  ensureOneLives(): void;
  stopAll(): Promise<void>;
}

export interface FaultsOptions {
  world: SimulatedWorld;
  shards: SimulatedShards;
  streams: readonly MemoryStream[];
  onAnswer(text: string): void;
  onFatal(what: string): void;
}

export function createFaults(options: FaultsOptions): Faults {
  const { world, shards } = options;
  const perShard = shards.all.length === 1 ? LEDGERS : LEDGERS - 1;
  const betweenMs = (BETWEEN_FAULTS_MS * LEDGERS) / (perShard * shards.all.length);
  const counts: Record<string, number> = {};
  const bus: BusWeather = {
    wayMsMax: 20,
    droppedShare: 0.02,
    unheardShare: 0.02,
    silentShare: 0.01,
  };
  let ledgers: SimulatedLedger[] = [];
  let started = 0;
  let isOver = false;

  function startOne(shard: SimulatedShard): void {
    const name = `ledger-${++started}`;
    ledgers.push(startSimulatedLedger({ ...options, busWeather: bus }, shard, name));
  }

  /** Whoever runs the processes starts another one where one has ended. */
  function replaceDead(): void {
    const dead = ledgers.filter(({ process }) => !process.alive);
    ledgers = ledgers.filter(({ process }) => process.alive);
    for (const { shard } of dead) {
      world.after(world.between(0, 3_000), () => startOne(shard));
    }
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
    databaseAway: ({ shard }) => {
      shard.weather.downUntilMs = world.nowMs() + world.between(100, 4_000);
      for (const one of ledgers) if (one.shard === shard) one.breakDatabase();
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
    world.after(world.between(0, 2 * betweenMs), next);
  }

  for (const shard of shards.all) for (let i = 0; i < perShard; i++) startOne(shard);
  world.after(world.between(500, BETWEEN_FAULTS_MS), next);
  return {
    counts,
    end() {
      isOver = true;
      for (const { weather } of shards.all) {
        Object.assign(weather, { lateShare: 0, brokenShare: 0, downUntilMs: 0 });
      }
      Object.assign(bus, { droppedShare: 0, unheardShare: 0, silentShare: 0 });
      for (const { process, setConnected } of ledgers) {
        process.cutOffUntilMs = 0;
        process.stepsToLive = Infinity;
        setConnected(true);
      }
      replaceDead();
    },
    ensureOneLives() {
      ledgers = ledgers.filter(({ process }) => process.alive);
      for (const shard of shards.all) {
        if (!ledgers.some((one) => one.shard === shard)) startOne(shard);
      }
    },
    async stopAll() {
      for (const { process } of ledgers) world.kill(process);
    },
  };
}
