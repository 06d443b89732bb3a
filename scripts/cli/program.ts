import { Argument, Command, Option } from 'commander';
import { archiveLedger, verifyLedgerArchive, type ArchiveOptions } from './archive-ledger.ts';
import { addStatements } from './add-statements.ts';
import { proveTransaction, verifyAudit } from './audit-log.ts';
import { listFlags, setFlag } from './change-flags.ts';
import { listBreakers, verifyLedger } from './check-books.ts';
import { addExamples } from './command-examples.ts';
import { decideReview, listReviews } from './decide-reviews.ts';
import { listDeadLetters } from './list-dead-letters.ts';
import { movePartition, type MoveOptions } from './move-partition.ts';
import { createProgress, type Progress } from './progress.ts';
import { readStatus } from './read-status.ts';
import { rebaseLanes, type RebaseOptions } from './rebase-lanes.ts';
import { resumeLanes } from './resume-lanes.ts';
import { rebuildLedger } from './rebuild-ledger.ts';
import type { ReplayOptions } from './replay-history.ts';
import type { Report } from './report.ts';
import { DEFAULT_DIR, openSession, type Session, type SessionOptions } from './session.ts';
import { showDecision } from './show-decision.ts';
import { SHELLS, writeCompletion, type Shell } from './write-completion.ts';

interface GlobalOptions extends SessionOptions {
  json: boolean;
}

const WHERE = `
Without --url the local run is asked, as its operator.`;

/** Runs one command: opens a session, shows how far it is, prints what it reports. */
function createRun(program: Command, print: (text: string) => void) {
  return async (
    command: (session: Session, progress: Progress) => Promise<Report>,
  ): Promise<void> => {
    const { json, ...where } = program.opts<GlobalOptions>();
    const progress = createProgress();
    const session = await openSession(where);
    const { data, text, failed } = await command(session, progress).finally(progress.end);
    print(json ? JSON.stringify(data, undefined, 2) : text);
    if (failed === true) process.exitCode = 1;
  };
}

export type Run = ReturnType<typeof createRun>;

function addReviews(program: Command, run: Run): void {
  const reviews = program.command('reviews').description('payments that wait for a person');
  reviews
    .command('list')
    .description('the longest waiting first')
    .addOption(
      new Option('--status <status>')
        .choices(['open', 'approved', 'declined', 'expired', 'any'])
        .default('open'),
    )
    .action(async ({ status }: { status: string }) => run((to) => listReviews(to, status)));
  for (const verdict of ['approve', 'decline'] as const) {
    reviews
      .command(`${verdict} <transaction>`)
      .description(verdict === 'approve' ? 'let it go on' : 'stop it and release what is held')
      .option('--note <text>', 'why, for colleagues and the audit log')
      .action(async (id: string, { note }: { note?: string }) =>
        run((to) => decideReview(to, id, { verdict, note })),
      );
  }
}

function addFraud(program: Command, run: Run): void {
  const fraud = program.command('fraud').description('what the scorer decides');
  fraud
    .command('decision <transaction>')
    .description('one decision, its reasons and all that it was made of')
    .action(async (id: string) => run((to) => showDecision(to, id)));
  fraud
    .command('replay')
    .description('what another model would have decided, in payments and in money')
    .requiredOption('--model <folder>', 'with manifest.json, as npm run ml:train writes it')
    .option('--since <time>', 'only decisions from then on, RFC 3339')
    .addOption(
      new Option('--database-url <url>', 'database of the fraud service').env('FRAUD_DATABASE_URL'),
    )
    .action(async (options: { model: string; since?: string; databaseUrl?: string }) => {
      // TensorFlow takes a second to load, which no other command should wait for.
      const { replayHistory } = await import('./replay-history.ts');
      const { model, since, databaseUrl } = options;
      const asked = { model, since, databaseUrl } satisfies ReplayOptions;
      await run((to, progress) => replayHistory(to, asked, progress));
    });
}

function addAudit(program: Command, run: Run): void {
  const audit = program.command('audit').description('the log of everything that happened');
  audit
    .command('verify')
    .description('recompute it; ends with 1 where anything was changed')
    .option('--from <time>', 'only what came after it, RFC 3339')
    .action(async ({ from }: { from?: string }) => run((to) => verifyAudit(to, from)));
  audit
    .command('proof <transaction>')
    .description('what somebody else needs to see that it is in the log')
    .action(async (id: string) => run((to) => proveTransaction(to, id)));
}

function addLedger(program: Command, run: Run): void {
  const ledger = program.command('ledger').description('the books');
  ledger
    .command('verify')
    .description('recompute them; ends with 1 where an invariant is broken')
    .action(async () => run(verifyLedger));
  ledger
    .command('rebuild')
    .description('make them anew from the audit log, and compare; ends with 1 where they differ')
    .requiredOption('--verify', 'compare only: the books are never written but by their lanes')
    .action(async () => run(rebuildLedger));
  ledger
    .command('rebase')
    .description('let partitions that halted read the stream that is there now')
    .option('--restored-at <time>', 'when a stream that went back was restored, RFC 3339')
    .action(async (options: RebaseOptions) => run((to) => rebaseLanes(to, options)));
  ledger
    .command('resume')
    .description('let partitions go on that a bad version has halted, if the books are right')
    .action(async () => run(resumeLanes));
  addArchive(ledger, run);
  addMove(ledger, run);
}

/** A partition, from one shard of the books to another. */
function addMove(ledger: Command, run: Run): void {
  const url = (flag: string, what: string, env: string): Option =>
    new Option(`${flag} <url>`, what).env(env);
  ledger
    .command('move-partition')
    .description('move one to another shard while payments go on; run again, it carries on')
    .requiredOption('--partition <number>', 'which one', Number)
    .requiredOption('--from <shard>', 'the shard that has it', Number)
    .requiredOption('--to <shard>', 'the shard that gets it', Number)
    .option('--dry-run', 'only look whether it can be moved; ends with 1 where it can’t')
    .option('--call-off', 'leave it where it is, unless everybody was told that it has moved')
    .addOption(url('--source-url', 'database of the first, as its owner', 'SOURCE_OWNER_URL'))
    .addOption(url('--target-url', 'database of the second, as its owner', 'TARGET_OWNER_URL'))
    .addOption(url('--nats-url', 'nats-server of the installation', 'NATS_URL'))
    .action(async (options: MoveOptions) =>
      run((to, progress) => movePartition(to, options, progress)),
    );
}

/** Months of entries, out of the books and still to be read. */
function addArchive(ledger: Command, run: Run): void {
  const where = (command: Command): Command =>
    command
      .option('--archive <folder>', 'where the archive lies')
      .option('--shard <number>', 'of a local run with several: whose months', Number)
      .addOption(
        new Option('--database-url <url>', 'database of the ledger, as its owner').env(
          'LEDGER_OWNER_URL',
        ),
      );
  where(ledger.command('archive'))
    .description('move the entries of a month into a file; the oldest month first')
    .requiredOption('--month <month>', 'as 2026-08; it must have ended 31 days ago')
    .option('--dry-run', 'only look whether it can be archived; ends with 1 where it can’t')
    .action(async (options: ArchiveOptions & { month: string; dryRun?: boolean }) =>
      run((to) => archiveLedger(to, options)),
    );
  where(ledger.command('verify-archive'))
    .description('read every file of it; ends with 1 where one is not what was archived')
    .action(async (options: ArchiveOptions) => run((to) => verifyLedgerArchive(to, options)));
}

/** The command line. @param print replaces standard output, for tests */
export function createProgram(print: (text: string) => void = console.log): Command {
  const program = new Command('florin')
    .description('Looks after a Florin platform.')
    .option('--json', 'for programs', false)
    .addOption(new Option('--url <url>', 'where the API is').env('FLORIN_URL'))
    .addOption(new Option('--token <token>', 'access token of an operator').env('FLORIN_TOKEN'))
    .addOption(new Option('--dir <path>', 'state of the local run').default(DEFAULT_DIR, '.florin'))
    .addHelpText('after', WHERE);
  const run = createRun(program, print);

  program
    .command('status')
    .description('processes, flags, and what waits for people')
    .action(async () => run(readStatus));
  const flags = program.command('flags').description('feature flags');
  flags
    .command('list')
    .description('all there are')
    .action(async () => run(listFlags));
  flags
    .command('set <flag> <variant>')
    .description('for every instance, within a second')
    .action(async (key: string, variant: string) => run((to) => setFlag(to, key, variant)));
  addReviews(program, run);
  addFraud(program, run);
  addAudit(program, run);
  addLedger(program, run);
  addStatements(program, run);
  program
    .command('breakers')
    .description('circuit breakers of the banks')
    .action(async () => run(listBreakers));
  program
    .command('dead-letters')
    .description('messages that nobody can handle')
    .command('list')
    .description('newest first')
    .action(async () => run(listDeadLetters));
  program
    .command('completion')
    .description('what a shell reads to complete these commands')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .action((shell: Shell) => {
      const script = writeCompletion(program, shell);
      const { json } = program.opts<GlobalOptions>();
      print(json ? JSON.stringify({ shell, script }, undefined, 2) : script);
    });
  addExamples(program);
  return program;
}
