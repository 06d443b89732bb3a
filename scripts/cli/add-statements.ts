import { Option, type Command } from 'commander';
import {
  fetchStatements,
  listBreaks,
  listStatements,
  showBreak,
  uploadStatement,
  workBreak,
  type Word,
} from './bank-statements.ts';
import type { Run } from './program.ts';

const BANK = ['--bank <name>', 'of this bank only'] as const;
const NOTE = ['--note <text>', 'why, for colleagues and the audit log'] as const;

/** What banks say they have booked. */
function addStatementCommands(program: Command, run: Run): void {
  const statements = program.command('statements').description('what banks say they have booked');
  statements
    .command('list')
    .description('the last imported first')
    .option(...BANK)
    .action(async ({ bank }: { bank?: string }) => run((to) => listStatements(to, bank)));
  statements
    .command('fetch')
    .description('ask the banks now; ends with 1 where one does not answer')
    .option(...BANK)
    .action(async ({ bank }: { bank?: string }) => run((to) => fetchStatements(to, bank)));
  statements
    .command('upload <file>')
    .description('take a file in, CSV or camt.053')
    .action(async (file: string) => run((to) => uploadStatement(to, file)));
}

/** What differs from them, and the two people that it takes to resolve it. */
function addBreaks(program: Command, run: Run): void {
  const breaks = program.command('breaks').description('differences between banks and books');
  breaks
    .command('list')
    .description('the newest first')
    .addOption(
      new Option('--status <status>')
        .choices(['unresolved', 'open', 'proposed', 'rejected', 'resolved', 'any'])
        .default('unresolved'),
    )
    .action(async ({ status }: { status: string }) => run((to) => listBreaks(to, status)));
  breaks
    .command('show <break>')
    .description('one of them, and what was done about it')
    .action(async (id: string) => run((to) => showBreak(to, id)));
  breaks
    .command('propose <break>')
    .description('say how it is to be resolved; somebody else approves it')
    .addOption(
      new Option('--action <action>', 'adjust the clearing account, or post nothing')
        .choices(['correct', 'explain'])
        .makeOptionMandatory(),
    )
    .requiredOption(...NOTE)
    .action(async (id: string, word: Word) => run((to) => workBreak(to, id, 'propose', word)));
  for (const verdict of ['approve', 'reject'] as const) {
    breaks
      .command(`${verdict} <break>`)
      .description(verdict === 'approve' ? 'carry it out' : 'turn it down')
      .option(...NOTE)
      .action(async (id: string, word: Word) => run((to) => workBreak(to, id, verdict, word)));
  }
}

export function addStatements(program: Command, run: Run): void {
  addStatementCommands(program, run);
  addBreaks(program, run);
}
