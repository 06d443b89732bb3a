// npm run disasters -- <name> [<name> …]     without a name: all of them, one after the other
//
// Rehearses a disaster on real servers while people pay, and prints what was lost (nothing, one
// hopes) and how long they had to wait. Last line of each: JSON. Exit code 1 when anything is lost.
import { troubleCluster } from './cluster-troubles.ts';
import { jumpClocks } from './jump-clocks.ts';
import { jumpExpiries } from './jump-expiries.ts';
import { fillJetstream, fillPostgres } from './fill-disks.ts';
import { loseJetstream, turnStreamBack } from './lose-jetstream.ts';
import { poisonLanes } from './poison-lanes.ts';
import { failOverPostgres, restorePostgres } from './lose-postgres.ts';
import { refuseEvents } from './refuse-events.ts';
import type { Rehearsed } from './rehearsal.ts';
import { rollBackLedger } from './roll-back-ledger.ts';

const REHEARSALS: Record<string, (say: (line: string) => void) => Promise<Rehearsed | string>> = {
  'jetstream-lost': loseJetstream,
  'stream-went-back': turnStreamBack,
  'postgres-restored': restorePostgres,
  'postgres-failed-over': failOverPostgres,
  'cluster-troubled': troubleCluster,
  'clocks-jump': jumpClocks,
  'expiries-jump': jumpExpiries,
  'lanes-poisoned': poisonLanes,
  'events-refused': refuseEvents,
  'postgres-full': fillPostgres,
  'jetstream-full': fillJetstream,
  'ledger-rolled-back': rollBackLedger,
};

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in REHEARSALS));
if (unknown.length > 0) {
  say(`no such rehearsal: ${unknown.join(', ')}; there are ${Object.keys(REHEARSALS).join(', ')}`);
  process.exit(2);
}
for (const name of asked.length > 0 ? asked : Object.keys(REHEARSALS)) {
  const done = await REHEARSALS[name]?.(say);
  if (done === undefined) continue;
  if (typeof done === 'string') {
    say(`${name}: SKIPPED, ${done}`);
    continue;
  }
  const { lost, doubled, breaks, wrongBalances, untoldEvents, eventGaps, longestSilenceMs } = done;
  const wrong = lost + doubled + breaks.length + wrongBalances + untoldEvents + eventGaps;
  say(`${name}: lost ${lost}, doubled ${doubled}, wrong ${wrong}, silence ${longestSilenceMs} ms`);
  say(JSON.stringify(done));
  if (wrong > 0) process.exitCode = 1;
}
