import { basename } from 'node:path';

/** A source file: its path from the root of the repository, and its text. */
export interface Source {
  path: string;
  text: string;
}

/**
 * Which of our packages a package may import. Those that are not named here may import no other.
 */
const MAY_IMPORT: Record<string, string[]> = {
  contracts: ['kernel'],
  runtime: ['kernel'],
  postgres: ['kernel', 'runtime'],
  messaging: ['kernel', 'contracts', 'runtime'],
  testing: ['kernel', 'contracts', 'runtime', 'postgres', 'messaging'],
};
/** What the scorer takes from the model: its features, the artefact, and what computes it. */
const FOR_SCORING = ['ml/features', 'ml/artefact', 'ml/model'];
/** Operators try a model on what was decided before. */
const FOR_REPLAY = [...FOR_SCORING, 'ml/replay'];
const FOR_SERVICES = ['kernel', 'contracts', 'runtime', 'postgres', 'messaging'];
const SHARED = [...FOR_SERVICES, 'testing', 'client'];
/** The model is made far from any server: it knows what events look like, and no more. */
const FOR_ML = ['kernel', 'contracts'];
/** Groups whose folders are parts of one package. */
const UNDIVIDED = ['scripts', 'ml'];

/** The pure packages, and the packages of others that they may use. */
const PURE: Record<string, string[]> = { kernel: [], contracts: ['zod'] };

const MAIN_LINES_MAX = 150;
const COLUMNS_MAX = 100;
const FILE_NAME = /^[a-z0-9]+(-[a-z0-9]+)*(\.(int|fault|e2e|config))?(\.test)?\.(ts|tsx|mjs)$/;
const NAMES_THAT_SAY_NOTHING = /(^|-)(utils?|helpers?|common|manager)(-|\.)|^types\./;
const SPECIFIER = /\b(?:from\s+|import\s+|import\s*\(\s*)'([^']+)'/g;

/** What runs in browsers: the pure packages, and the client of the API that others use, too. */
const BROWSER = 'services/web/app/';
const FOR_BROWSERS = [...Object.keys(PURE), 'client'];

const isTest = (path: string): boolean => path.endsWith('.test.ts') || path.includes('/test/');

/** "shared/kernel/money.ts" → { group: 'shared', name: 'kernel' }. */
function packageOf(path: string): { group: string; name: string } {
  const [group = '', name = ''] = path.split('/');
  return { group, name };
}

/** Every breach of the rules in DESIGN and STYLE that a machine can see, as lines for people. */
export function findBreaches(sources: Source[]): string[] {
  return sources.flatMap((source) =>
    [nameBreaches, importBreaches, textBreaches, mainBreaches, domainBreaches].flatMap((rule) =>
      rule(source).map((breach) => `${source.path}: ${breach}`),
    ),
  );
}

function nameBreaches({ path }: Source): string[] {
  const name = basename(path);
  if (!FILE_NAME.test(name)) return ['the file name is not kebab-case'];
  return NAMES_THAT_SAY_NOTHING.test(name) ? ['the file name does not say what is in it'] : [];
}

function importBreaches(source: Source): string[] {
  const specifiers = [...source.text.matchAll(SPECIFIER)].map(([, specifier = '']) => specifier);
  return specifiers.flatMap((specifier) => importBreach(source.path, specifier) ?? []);
}

function importBreach(path: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return relativeBreach(path, specifier);
  if (specifier.startsWith('@florin/')) return florinBreach(path, specifier.slice(8));
  const allowed = PURE[packageOf(path).name];
  if (packageOf(path).group !== 'shared' || !allowed || isTest(path)) return undefined;
  return allowed.includes(specifier) ? undefined : `${specifier} does I/O or is not ours to use`;
}

function relativeBreach(path: string, specifier: string): string | undefined {
  if (specifier.endsWith('/main.ts')) return 'imports a main.ts, which is wiring only';
  const target = new URL(specifier, `file:///${path}`).pathname.slice(1);
  const [from, to] = [packageOf(path), packageOf(target)];
  const divided = !UNDIVIDED.includes(from.group);
  const leaves = from.group !== to.group || (divided && from.name !== to.name);
  return leaves ? `${specifier} reaches into another package: import its @florin name` : undefined;
}

function florinBreach(path: string, target: string): string | undefined {
  const { group, name } = packageOf(path);
  if (group === 'services' && name === 'fraud' && FOR_SCORING.includes(target)) return undefined;
  if (group === 'scripts' && FOR_REPLAY.includes(target)) return undefined;
  // Examples import what they are examples of, as others would.
  if (path.startsWith(`shared/${target}/examples/`)) return undefined;
  if (target.includes('/')) return `@florin/${target} goes around the door mod.ts`;
  // The description of the API is written from the routes themselves; none of them is run.
  if (path === 'scripts/generate.ts' && target === 'gateway') return undefined;
  if (group === 'scripts') return SHARED.includes(target) ? undefined : 'a script runs services';
  if (isTest(path) && SHARED.includes(target)) return undefined;
  if (path.startsWith(BROWSER)) {
    return FOR_BROWSERS.includes(target) ? undefined : `a browser has no @florin/${target}`;
  }
  const ofGroup: Record<string, string[]> = { services: FOR_SERVICES, ml: FOR_ML };
  const allowed = ofGroup[group] ?? MAY_IMPORT[name] ?? [];
  return allowed.includes(target) ? undefined : `may not import @florin/${target}`;
}

/** Who may look at the environment: one file per service, scripts, and the mechanism itself. */
function mayReadEnvironment(path: string): boolean {
  const { group, name } = packageOf(path);
  if (group === 'scripts' || isTest(path) || path === 'shared/runtime/config.ts') return true;
  return name === 'testing' || (group === 'services' && basename(path) === 'config.ts');
}

const FORBIDDEN_TEXT: [RegExp, string][] = [
  [/\b(test|it|describe)\.(only|skip|todo)\b/, 'a test is left out'],
  [/\b(TODO|FIXME)\b(?!.*#\d)/, 'something is left to do, and no issue says so'],
  [/@ts-(ignore|nocheck|expect-error)|(eslint|oxlint)-disable/, 'a check is switched off'],
];

function textBreaches({ path, text }: Source): string[] {
  return text.split('\n').flatMap((line, index) => {
    const breaches = FORBIDDEN_TEXT.filter(([pattern]) => pattern.test(line)).map(([, why]) => why);
    if (line.length > COLUMNS_MAX) breaches.push(`longer than ${COLUMNS_MAX} columns`);
    if (line.includes('process.env') && !mayReadEnvironment(path)) {
      breaches.push('reads the environment');
    }
    return breaches.map((why) => `line ${index + 1}: ${why}`);
  });
}

function mainBreaches({ path, text }: Source): string[] {
  if (!/^services\/[^/]+\/main\.ts$/.test(path)) return [];
  const lines = text.trimEnd().split('\n').length;
  return lines < MAIN_LINES_MAX ? [] : [`${lines} lines are more than wiring`];
}

const IMPURE =
  /\basync\b|\bawait\b|\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bprocess\.|'node:(?!crypto)/;

/** Decisions depend on their arguments alone, so that they can be repeated and tested. */
function domainBreaches({ path, text }: Source): string[] {
  if (!/^services\/[^/]+\/domain\//.test(path) || isTest(path)) return [];
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
  const found = IMPURE.exec(code);
  return found ? [`the domain is pure, but this uses ${found[0]}`] : [];
}
