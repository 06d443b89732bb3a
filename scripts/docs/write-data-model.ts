// npm run gen:data-model
//
// Writes docs/data-model.md from the databases of today: the test that holds it against them knows
// how.
import { runCommand } from '../run-command.ts';

process.env['WRITE'] = 'yes';
const args = ['run', '--project', 'integration', 'scripts/docs/data-model.int.test.ts'];
process.exitCode = (await runCommand('vitest', args)) ? 0 : 1;
