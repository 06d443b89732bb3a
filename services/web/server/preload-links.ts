import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PAGE_MODULES, pageModuleOf } from './page-modules.ts';

/** What vite writes about a module that became a file. */
interface Chunk {
  file: string;
  imports?: string[];
  assets?: string[];
}
type Manifest = Record<string, Chunk | undefined>;

const ENTRY = 'index.html';
const LANGUAGES = ['en', 'de'] as const;
type Language = (typeof LANGUAGES)[number];

/** A module and everything that it imports, but not what it fetches later. */
function closureOf(manifest: Manifest, name: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[name];
  if (chunk === undefined || seen.has(name)) return seen;
  seen.add(name);
  for (const next of chunk.imports ?? []) closureOf(manifest, next, seen);
  return seen;
}

/** The first language of ours that the browser asks for; texts of another are fetched later. */
function languageOf(acceptLanguage: string | undefined): Language {
  const tags = (acceptLanguage ?? '').split(',').map((tag) => tag.trim().slice(0, 2));
  return tags.find((tag): tag is Language => LANGUAGES.some((one) => one === tag)) ?? 'en';
}

function readManifest(assets: string): Manifest {
  const file = join(assets, '.vite/manifest.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Manifest) : {};
}

const fontLink = (file: string): string =>
  `<link rel="preload" as="font" type="font/woff2" crossorigin href="/${file}">`;

/**
 * Links for the head of a page: all that its address needs, so that a browser fetches it at once
 * instead of finding out one journey after the other.
 */
export function createPreloadLinks(
  assets: string,
): (path: string, acceptLanguage: string | undefined) => string {
  const manifest = readManifest(assets);
  const known = closureOf(manifest, ENTRY);
  const font = Object.keys(manifest).find((name) => name.includes('figtree-latin-wght'));
  const linksOf = (modules: string[]): string =>
    modules
      .flatMap((name) => [...closureOf(manifest, name)])
      .filter((name) => !known.has(name))
      .map((name) => `<link rel="modulepreload" crossorigin href="/${manifest[name]?.file}">`)
      .join('');
  const pages = new Map(PAGE_MODULES.map((name) => [name, linksOf([name])]));
  const texts = new Map(
    LANGUAGES.map((language) => [
      language,
      {
        app: linksOf([`app/i18n/${language}.ts`]),
        console: linksOf([`app/i18n/${language}-console.ts`]),
        control: linksOf([`app/i18n/${language}-control.ts`]),
      },
    ]),
  );
  const fonts = font === undefined ? '' : fontLink(manifest[font]?.file ?? '');
  return (path, acceptLanguage) => {
    const spoken = texts.get(languageOf(acceptLanguage));
    const module = pageModuleOf(path) ?? '';
    const page = pages.get(module) ?? '';
    const staff = path.startsWith('/console') ? spoken?.console : '';
    const control = module.startsWith('app/control/') ? spoken?.control : '';
    return `${fonts}${page}${spoken?.app ?? ''}${staff ?? ''}${control ?? ''}`;
  };
}
