// PLANTED_RELEASE=… node --import ./scripts/disasters/planted-release.ts services/ledger/main.ts
//
// Runs a service as if it were a new version of it: with the changes of its sources that the file
// names at the moment when the process starts. Without any it is the version that lies here.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Plant } from './bad-releases.ts';

const plants = JSON.parse(readFileSync(process.env['PLANTED_RELEASE'] ?? '', 'utf8')) as Plant[];

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const here = plants.filter(({ file }) => url.endsWith(file));
    if (here.length === 0) return loaded;
    const text = readFileSync(fileURLToPath(url), 'utf8');
    const source = here.reduce((changed, { from, to }) => {
      if (!changed.includes(from)) throw new Error(`there is no "${from}" in ${url}`);
      return changed.replaceAll(from, to);
    }, text);
    return { ...loaded, source };
  },
});
