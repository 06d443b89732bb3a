import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Suffixes under which Prometheus stores the parts of a histogram or summary. */
const PART = /_(bucket|sum|count)$/;

/** Functions, keywords and labels look like metrics, but for the brackets around or after them. */
const NOT_METRICS = new Set([
  'by',
  'on',
  'and',
  'or',
  'unless',
  'ignoring',
  'group_left',
  'offset',
]);

/** The metrics that a query reads, recorded ones included. */
export function metricsIn(query: string): string[] {
  const bare = query
    .replace(/"(?:[^"\\]|\\.)*"/g, '')
    .replace(/\{[^}]*\}/g, '')
    .replace(/\[[^\]]*\]/g, '')
    .replace(/\boffset \d+[smhdw]/g, '')
    .replace(/\b(by|on|ignoring|group_left|group_right|without)\s*\([^)]*\)/g, ' ');
  const words = bare.matchAll(/[a-zA-Z_:][\w:]*(?!\w)(?!\s*\()/g);
  return [...new Set([...words].map(([word]) => word))].filter(
    (word) => !NOT_METRICS.has(word) && !/^\d/.test(word),
  );
}

/** Without the suffix of a histogram's parts: as it was registered. */
export const registeredName = (metric: string): string => metric.replace(PART, '');

function* sourcesIn(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules') yield* sourcesIn(path);
    else if (entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts')) yield path;
  }
}

const REGISTERED = /name: '([a-z][a-z0-9_]*_[a-z0-9_]+)',\s*\n?\s*help: /g;

/** Every metric that our sources register, by the way they do it: `name` and then `help`. */
export function registeredIn(folders: string[]): Set<string> {
  const names = new Set<string>();
  for (const folder of folders) {
    for (const path of sourcesIn(folder)) {
      for (const [, name = ''] of readFileSync(path, 'utf8').matchAll(REGISTERED)) names.add(name);
    }
  }
  return names;
}
