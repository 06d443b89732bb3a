import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { findBreaches, type Source } from './house-rules.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

function allSources(): Source[] {
  const paths = globSync('{shared,services,scripts,ml}/**/*.{ts,tsx,mjs}', {
    cwd: root,
    exclude: ['**/node_modules/**', '{services,shared}/*/dist/**'],
  });
  // The rules and their examples are full of what they forbid.
  const others = paths.filter((path) => !path.startsWith('scripts/house-rules'));
  return others.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

describe('the layout stays what the design says', () => {
  test('no file breaks a rule', () => {
    const sources = allSources();
    expect(sources.length).toBeGreaterThan(100);
    expect(findBreaches(sources)).toEqual([]);
  });

  test.each([
    ['shared/kernel/Money.ts', '', 'kebab-case'],
    ['shared/kernel/money-utils.ts', '', 'does not say'],
    ['shared/kernel/money.ts', "import fs from 'node:fs';", 'node:fs'],
    ['shared/contracts/events.ts', "import pg from 'pg';", 'pg'],
    ['shared/kernel/money.ts', "import { x } from '@florin/contracts';", 'may not import'],
    ['shared/runtime/log.ts', "import { x } from '@florin/postgres';", 'may not import'],
    ['services/ledger/a.ts', "import { x } from '@florin/testing';", 'may not import'],
    ['services/ledger/a.ts', "import { x } from '@florin/gateway';", 'may not import'],
    ['services/ledger/a.ts', "import { x } from '../gateway/b.ts';", 'another package'],
    ['services/ledger/a.ts', "import { x } from '@florin/kernel/ids.ts';", 'around the door'],
    ['services/ledger/a.ts', "import './main.ts';", 'wiring'],
    ['services/ledger/a.ts', "const url = process.env['X'];", 'environment'],
    ['services/web/app/a.tsx', "import { x } from '@florin/runtime';", 'a browser has no'],
    ['services/web/server/a.ts', "import { x } from '@florin/client';", 'may not import'],
    ['services/web/app/Page.tsx', '', 'kebab-case'],
    ['ml/model/a.ts', "import { x } from '@florin/postgres';", 'may not import'],
    ['services/ledger/main.ts', 'x;\n'.repeat(150), 'more than wiring'],
    ['services/ledger/domain/a.ts', 'const now = Date.now();', 'pure'],
    ['services/ledger/domain/a.ts', 'export async function a() {}', 'pure'],
    ['services/ledger/a.test.ts', 'test.only(', 'left out'],
    ['services/ledger/a.ts', '// TODO later', 'left to do'],
    ['services/ledger/a.ts', '// @ts-ignore', 'switched off'],
    ['services/ledger/a.ts', `// ${'x'.repeat(100)}`, 'columns'],
  ])('%s with %j is noticed', (path, text, why) => {
    expect(findBreaches([{ path, text }])).toEqual([expect.stringContaining(why)]);
  });

  test.each([
    ['services/ledger/test/a.int.test.ts', "import { x } from '@florin/testing';"],
    ['services/ledger/config.ts', 'readConfig(fields, process.env);'],
    ['services/ledger/domain/a.ts', '// Nothing here is async.'],
    ['services/web/app/a.tsx', "import { x } from '@florin/contracts';"],
    ['services/web/app/a.tsx', "import { x } from '@florin/client';"],
    ['services/web/server/a.ts', "import { x } from '@florin/runtime';"],
    ['shared/kernel/a.test.ts', "import { test } from 'vitest';"],
    ['ml/handbook/a.ts', "import { x } from '../model/mod.ts';"],
    ['services/ledger/a.ts', '// TODO(#12): shards'],
  ])('%s with %j is fine', (path, text) => {
    expect(findBreaches([{ path, text }])).toEqual([]);
  });
});
