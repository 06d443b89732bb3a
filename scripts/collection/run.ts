import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../run-command.ts';
import { readCollection } from './read-collection.ts';
import { runCollection } from './run-collection.ts';
import { variablesOf, type RunningPlatform } from './variables-of.ts';

/**
 * Runs docs/collection against the platform of `npm start`:
 *
 *   npm run collection
 *   npm run collection -- --dir .florin
 */
const { values } = parseArgs({ options: { dir: { type: 'string', default: '.florin' } } });
const dev = JSON.parse(readFileSync(join(values.dir, 'dev.json'), 'utf8')) as RunningPlatform;
const collection = readCollection(join(root, 'docs/collection'));
const { requests, assertions, failures } = await runCollection(collection, variablesOf(dev));
for (const failure of failures) console.error(failure);
console.log(`${requests} requests, ${assertions} assertions, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;
