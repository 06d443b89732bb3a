// npm run florin -- --help
//
// The operator's command line: docs/cli.md.
import { createProgram } from './cli/program.ts';

try {
  await createProgram().parseAsync();
} catch (error) {
  // What went wrong is told in one line; a stack would only hide it.
  console.error(`florin: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
