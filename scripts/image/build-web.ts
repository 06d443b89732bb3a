// node scripts/image/build-web.ts
//
// Builds the web app where its service looks for it when it starts.
import { fileURLToPath } from 'node:url';
import { createLogger } from '@florin/runtime';

const folder = fileURLToPath(new URL('../../services/web/', import.meta.url));
// Named here and not imported: a script runs services, it is no part of one.
const builder = new URL('server/ensure-build.ts', `file://${folder}`).href;
const { ensureBuild } = (await import(builder)) as {
  ensureBuild(place: { folder: string; distFolder: string; log: unknown }): Promise<string>;
};
const log = createLogger('build-web', 'info');
console.log(await ensureBuild({ folder, distFolder: `${folder}dist`, log }));
