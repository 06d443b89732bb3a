import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@florin/testing';
import { processesCounted } from './process-metrics.ts';
import { rehearse, type Crowd, type Rehearsed, type Stage } from './rehearsal.ts';
import { fillDisk, makeSpace, maySplitDisks } from './small-disk.ts';

/** Nobody was told anything for so long: the disk is full for all of them. */
const STILL_MS = 5_000;
/** Until somebody comes and makes space. */
const FULL_MS = 10_000;
const NO_DISK = 'only root may mount a small disk';

/** Fills the disk again and again: what was reserved before may still be written to for a while. */
async function fillUntilStill(path: string, { load }: Crowd): Promise<void> {
  await eventually(
    async () => {
      fillDisk(path);
      const before = load.acknowledged.length;
      await sleep(STILL_MS);
      return load.acknowledged.length === before;
    },
    { timeoutMs: 180_000 },
  );
}

/** Which processes say that they are not ready, as Kubernetes and alerts see it. */
async function unready({ platform }: Crowd): Promise<string[]> {
  const found = Object.entries(platform.dev().metrics).map(async ([name, url]) => {
    const answer = await fetch(new URL('/readyz', url)).catch(() => undefined);
    return answer?.ok === true ? [] : [name];
  });
  return (await Promise.all(found)).flat();
}

async function whileFull(stage: Stage, server: 'postgres' | 'nats') {
  const disk = join(stage.dir, server);
  const struckMs = performance.now();
  await fillUntilStill(disk, stage);
  await sleep(FULL_MS);
  const seen = {
    notReady: await unready(stage),
    batchesFailed: await processesCounted(stage.platform, 'ledger_batch_failures_total'),
    eventsUntold: await processesCounted(stage.platform, 'ledger_untold_events'),
    publishesRepeated: await processesCounted(stage.platform, 'messaging_publish_retries_total'),
  };
  makeSpace(disk);
  return { struckMs, facts: { seen, spaceAfterMs: Math.round(performance.now() - struckMs) } };
}

/** How long a server that could not go on by itself has to come back. */
const BY_ITSELF_MS = 15_000;

/** Whether people are served again without anybody starting the server again. */
async function cameBack({ load }: Crowd): Promise<boolean> {
  const before = load.acknowledged.length;
  return eventually(() => load.acknowledged.length > before + 5, { timeoutMs: BY_ITSELF_MS }).then(
    () => true,
    () => false,
  );
}

function fill(
  name: string,
  server: 'postgres' | 'nats',
  size: string,
): (say: (line: string) => void) => Promise<Rehearsed | string> {
  return async (say) =>
    maySplitDisks()
      ? rehearse(
          name,
          say,
          async (stage) => {
            const { struckMs, facts } = await whileFull(stage, server);
            const restarted = !(await cameBack(stage));
            if (restarted) await stage[server].restart();
            return { struckMs, facts: { ...facts, restarted } };
          },
          { disks: { [server]: size } },
        )
      : NO_DISK;
}

export const fillPostgres = fill('the disk of Postgres is full', 'postgres', '640m');
export const fillJetstream = fill('the disk of JetStream is full', 'nats', '256m');
