import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { breakingChanges } from './generate/breaking-changes.ts';
import type { JsonSchema } from './generate/json-schema.ts';
import { messageSchemas, type MessageSchema } from './generate/message-schemas.ts';
import { messageTable } from './generate/message-table.ts';
import { root } from './run-command.ts';

/**
 * `npm run gen` writes what is made from code and kept in the repository, for people and programs
 * that do not run the code; with `--check` it only says what would change.
 */

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const folder = join(root, 'docs/events');
const messages = messageSchemas();

/** As prettier would leave it, so that formatting the repository changes nothing. */
async function formatted(name: string, text: string): Promise<string> {
  const filepath = join(folder, name);
  return format(text, { ...(await resolveConfig(filepath)), filepath });
}

const committed = (name: string): string | undefined =>
  existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : undefined;

/** What forbids to publish a schema under its version. */
function problemsOf({ type, schema }: MessageSchema): string[] {
  const published = committed(`${type}.json`);
  if (published === undefined) return [];
  return breakingChanges(JSON.parse(published) as JsonSchema, schema).map(
    (change) => `${type} needs a new version: ${change}`,
  );
}

const files = new Map([
  ['README.md', await formatted('README.md', messageTable(messages))],
  ...(await Promise.all(
    messages.map(async ({ type, schema }): Promise<[string, string]> => {
      const name = `${type}.json`;
      return [name, await formatted(name, JSON.stringify(schema, null, 2))];
    }),
  )),
]);
mkdirSync(folder, { recursive: true });
const changed = [...files].filter(([name, text]) => committed(name) !== text);
const problems = messages.flatMap(problemsOf);
for (const name of readdirSync(folder).filter((found) => !files.has(found))) {
  problems.push(`docs/events/${name} is made from nothing: delete it once no stream needs it`);
}
if (values.check) {
  problems.push(...changed.map(([name]) => `docs/events/${name} is old: npm run gen`));
} else if (problems.length === 0) {
  for (const [name, text] of changed) writeFileSync(join(folder, name), text);
  console.log(`docs/events: ${changed.length} of ${files.size} files written`);
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
