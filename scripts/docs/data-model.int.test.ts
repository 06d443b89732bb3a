import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshDatabase } from '@florin/testing';
import { format, resolveConfig } from 'prettier';
import { expect, test } from 'vitest';
import { allServices, migrationsOf } from '../platform/service-plan.ts';
import { root } from '../run-command.ts';
import { describeDatabase } from './describe-database.ts';

const FILE = join(root, 'docs/data-model.md');

const HEAD = [
  '# Data model',
  '',
  'Made from the databases as the migrations leave them, by `npm run gen:data-model`; a test holds',
  'this against them. Every service has a database of its own, and nobody else connects to it.',
  'Money is `bigint`, in minor units. What a table refuses (checks, unique, triggers) is the last',
  'line behind the rules in the code.',
].join('\n');

test('hunts a data model in the documents that is not that of the databases', async () => {
  const parts = [HEAD];
  for (const service of allServices()) {
    const migrations = migrationsOf(service);
    if (migrations === undefined) continue;
    parts.push(await describeDatabase(service, await freshDatabase('model', migrations)));
  }
  const text = await format(parts.join('\n\n'), {
    ...(await resolveConfig(FILE)),
    filepath: FILE,
  });
  if (process.env['WRITE'] === 'yes') writeFileSync(FILE, text);
  expect(existsSync(FILE) ? readFileSync(FILE, 'utf8') : '').toBe(text);
});
