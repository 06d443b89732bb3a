// node services/ledger/move/run.ts check|move|call-off <partition> <from> <to>
//
// Moves a partition from one shard of the books to another, as an operator asks for it. Prints one
// line of JSON; ends with 1 where something stands in the way. Ended at any moment, it carries on
// when it is run again.
import { faultText, TerminalError } from '@florin/kernel';
import { connect, serverOf } from '@florin/messaging';
import { createHotPool } from '@florin/postgres';
import { createLogger } from '@florin/runtime';
import { config } from './config.ts';
import { callOff, movePartition, whyNotMove, type MoveParts } from './move-partition.ts';

const settings = config();
const [what, ...numbers] = process.argv.slice(2);
const [partition = NaN, from = NaN, to = NaN] = numbers.map(Number);

/** A look reads all of a partition, and its copy is compared as a whole. */
const statementTimeoutMs = 3_600_000;
const poolOf = (url: string) =>
  createHotPool({ url, applicationName: 'ledger-move', max: 3, statementTimeoutMs });

async function work(parts: MoveParts): Promise<{ failed: boolean; [fact: string]: unknown }> {
  if (![partition, from, to].every(Number.isSafeInteger)) {
    throw new TerminalError('give a partition and two shards, all by their numbers');
  }
  if (what === 'move') return { ...(await movePartition(parts)), failed: false };
  if (what === 'call-off') {
    await callOff(parts);
    return { failed: false };
  }
  if (what !== 'check') throw new TerminalError('give check, move or call-off');
  const obstacles = await whyNotMove(parts);
  return { obstacles, failed: obstacles.length > 0 };
}

const log = createLogger('ledger-move', 'fatal');
// As the ledger: answers come to the inbox of the name that its user may use.
const bus = await connect({ ...serverOf(settings), name: 'ledger', log });
const [source, target] = [poolOf(settings.sourceUrl), poolOf(settings.targetUrl)];
let told = '';
const onStep = (step: string, rows: number): void => {
  const line = `${step}, ${rows} rows copied`;
  if (line !== told) process.stderr.write(`${line}\n`);
  told = line;
};
try {
  const { failed, ...result } = await work({ source, target, bus, partition, from, to, onStep });
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exitCode = failed ? 1 : 0;
} catch (error) {
  process.stdout.write(`${JSON.stringify({ problem: faultText(error) })}\n`);
  process.exitCode = 1;
} finally {
  await Promise.all([source.end(), target.end()]);
  await bus.close();
}
