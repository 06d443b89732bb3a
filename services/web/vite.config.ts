import { env } from 'node:process';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const packages = (...names: string[]): RegExp =>
  new RegExp(`node_modules/(${names.join('|').replaceAll('/', '\\/')})/`);

/**
 * Components that bring a library with them; pages without them shall not pay for it. What asks in
 * a dialog has to lie with the dialogs: files that need each other start in no good order.
 */
const DIALOGS = /\/web\/app\/ui\/([\w-]*dialog|toasts)\.tsx/;
const TABLES = /\/web\/app\/ui\/data-table\.tsx|node_modules\/@tanstack\/(react-)?table/;
const MENU = /\/web\/app\/ui\/menu\.tsx/;
const TEXTS = /\/web\/app\/i18n\/(en|de)/;
/** Folders of parts, not of pages: nothing here asks in a dialog but the dialogs themselves. */
const OURS = /\/web\/app\/(api|format|i18n|session|shell|ui|wallet)\/|\/shared\/(client|kernel)\//;
const SMALL = packages('lucide-react', 'date-fns', 'eventsource-parser', 'tslib', 'get-nonce');
const FRAME = packages(
  'react',
  'react-dom',
  'scheduler',
  'use-sync-external-store',
  'i18next',
  'react-i18next',
  '@tanstack/(react-)?(router|query|store|history)[^/]*',
);
const RADIX = packages(
  '@radix-ui/[^/]+',
  'radix-ui',
  'aria-hidden',
  'react-remove-scroll[^/]*',
  'react-style-singleton',
  'use-callback-ref',
  'use-sidecar',
);

/** Writes dates into fields of a few dialogs, in words that nothing else needs. */
const DATE_WORDS = /date-fns\/(format|locale|_lib\/format)/;

const isShared = (id: string): boolean =>
  (SMALL.test(id) && !DATE_WORDS.test(id)) ||
  (OURS.test(id) && ![DIALOGS, TABLES, MENU, TEXTS].some((other) => other.test(id)));

/**
 * Over a slow line every file costs a journey: what all pages need is one file, what several need
 * another, and only what belongs to one page stays with it.
 */
const groups = [
  { name: 'frame', test: FRAME, priority: 4 },
  { name: 'tables', test: TABLES, priority: 3 },
  {
    name: 'dialogs',
    test: (id: string) => DIALOGS.test(id) || RADIX.test(id),
    priority: 2,
    minShareCount: 2,
  },
  { name: 'shared', test: isShared, priority: 1, minShareCount: 2 },
].map((group) => ({ ...group, includeDependenciesRecursively: false }));

/** Files that wait for each other start in no good order: better no build than a blank page. */
function refuseCircles(): Plugin {
  return {
    name: 'refuse-circles',
    generateBundle(_options, bundle) {
      const done = new Set<string>();
      const follow = (file: string, path: readonly string[]): void => {
        if (path.includes(file)) throw new Error(`a circle: ${[...path, file].join(' → ')}`);
        const chunk = bundle[file];
        if (done.has(file) || chunk?.type !== 'chunk') return;
        for (const next of chunk.imports) follow(next, [...path, file]);
        done.add(file);
      };
      for (const file of Object.keys(bundle)) follow(file, []);
    },
  };
}

// Whoever builds it, a test too, builds what people get: the other React is three times as large.
env['NODE_ENV'] = 'production';

export default defineConfig({
  plugins: [react(), tailwindcss(), refuseCircles()],
  publicDir: 'app/public',
  build: {
    target: 'es2023',
    manifest: true,
    // Nothing is inlined: the page's policy forbids what is not a file.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: { output: { codeSplitting: { groups } } },
  },
});
