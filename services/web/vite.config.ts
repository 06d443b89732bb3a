import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const packages = (...names: string[]): RegExp =>
  new RegExp(`node_modules/(${names.join('|').replaceAll('/', '\\/')})/`);

/**
 * Components that bring a library with them; pages without them shall not pay for it. What asks in a
 * dialog has to lie with the dialogs: files that need each other start in no good order.
 */
const DIALOGS = /\/web\/app\/ui\/([\w-]*dialog|toasts)\.tsx/;
const TABLES = /\/web\/app\/ui\/data-table\.tsx|node_modules\/@tanstack\/(react-)?table/;
const MENU = /\/web\/app\/ui\/menu\.tsx/;
const TEXTS = /\/web\/app\/i18n\/(en|de)/;
const OURS = /\/web\/app\/|\/shared\/kernel\//;
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

const isShared = (id: string): boolean =>
  SMALL.test(id) ||
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

export default defineConfig({
  plugins: [react(), tailwindcss()],
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
