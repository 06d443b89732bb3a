import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { apiDescription } from '@florin/gateway';
import { permissionsByUser } from '@florin/messaging';
import { format, resolveConfig } from 'prettier';
import { collectionFiles } from './collection/collection-files.ts';
import { apiTypes, type ApiDescription } from './generate/api-types.ts';
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
const EVENTS = 'docs/events';
const messages = messageSchemas();
const description = apiDescription();

/** As prettier would leave it, so that formatting the repository changes nothing. */
async function formatted(path: string, content: string | object): Promise<[string, string]> {
  const filepath = join(root, path);
  const text = typeof content === 'string' ? content : JSON.stringify(content, null, 2);
  return [path, await format(text, { ...(await resolveConfig(filepath)), filepath })];
}

const committed = (path: string): string | undefined =>
  existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined;

/** What forbids to publish a schema under its version. */
function problemsOf({ type, schema }: MessageSchema): string[] {
  const published = committed(`${EVENTS}/${type}.json`);
  if (published === undefined) return [];
  return breakingChanges(JSON.parse(published) as JsonSchema, schema).map(
    (change) => `${type} needs a new version: ${change}`,
  );
}

const files = new Map(
  await Promise.all([
    formatted(`${EVENTS}/README.md`, messageTable(messages)),
    ...messages.map(({ type, schema }) => formatted(`${EVENTS}/${type}.json`, schema)),
    formatted('docs/openapi.json', description),
    formatted('shared/client/operations.ts', apiTypes(description as unknown as ApiDescription)),
    // An installation merges it into the users of its nats-servers, beside their public keys.
    formatted('charts/infrastructure/nats-permissions.json', permissionsByUser()),
  ]),
);
// Bruno writes its files in its own way; prettier does not know them.
const COLLECTION = 'docs/collection';
for (const [path, text] of collectionFiles(description)) {
  files.set(`${COLLECTION}/${path}`, text);
}
const changed = [...files].filter(([path, text]) => committed(path) !== text);
const problems = messages.flatMap(problemsOf);
for (const name of readdirSync(join(root, EVENTS))) {
  if (files.has(`${EVENTS}/${name}`)) continue;
  problems.push(`${EVENTS}/${name} is made from nothing: delete it once no stream needs it`);
}
/** Requests of operations that are gone. */
const leftOver = (
  existsSync(join(root, COLLECTION))
    ? readdirSync(join(root, COLLECTION), { recursive: true, withFileTypes: true })
    : []
)
  .filter((entry) => entry.isFile())
  .map((entry) => relative(root, join(entry.parentPath, entry.name)))
  .filter((path) => !files.has(path));
if (values.check) {
  problems.push(...leftOver.map((path) => `${path} is left over: npm run gen`));
  problems.push(...changed.map(([path]) => `${path} is old: npm run gen`));
} else if (problems.length === 0) {
  for (const [path, text] of changed) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  for (const path of leftOver) rmSync(join(root, path));
  console.log(`${changed.length} of ${files.size} files written`);
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
