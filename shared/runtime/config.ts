import { readFileSync } from 'node:fs';
import { ok, present, refuse, type Result } from '@florin/kernel';
import { z } from 'zod';

export type Environment = Record<string, string | undefined>;

/** One setting: the variable it comes from, how its text is read, and how it may be shown. */
export interface ConfigField<T = unknown> {
  readonly name: string;
  readonly describe: string;
  readonly optional: boolean;
  readonly fallback: T | undefined;
  /** The value, or everything that is wrong with the text. */
  read(raw: string): Result<T, readonly string[]>;
  print(value: T): unknown;
}

interface FieldOptions<T> {
  /** What the setting is for, in a few words: printed when it is missing or wrong. */
  describe: string;
  default?: NoInfer<T>;
  /** Without a default: the setting may be absent, and is then undefined. */
  optional?: boolean;
}

/** What a field built with these options holds. */
type ValueOf<T, O> = O extends { optional: true } ? T | undefined : T;

export type ConfigOf<S extends Record<string, ConfigField>> = {
  readonly [K in keyof S]: S[K] extends ConfigField<infer T> ? T : never;
};

/** Every problem of the configuration at once, so that one restart is enough to repair it. */
export class ConfigurationError extends Error {
  override name = 'ConfigurationError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`the configuration has problems:\n${problems.map((line) => `  ${line}`).join('\n')}`);
    this.problems = problems;
  }
}

const REDACTED = '[redacted]';
const asItIs = (value: unknown): unknown => value;
const redacted = (): string => REDACTED;

function field<T, O extends FieldOptions<T>>(
  name: string,
  options: O,
  schema: z.ZodType<T, string>,
  print: (value: T) => unknown = asItIs,
): ConfigField<ValueOf<T, O>> {
  const built: ConfigField<T> = {
    name,
    describe: options.describe,
    optional: options.optional ?? false,
    fallback: options.default,
    read: (raw) => readText(schema, raw),
    print,
  };
  return built;
}

function readText<T>(schema: z.ZodType<T, string>, raw: string): Result<T, readonly string[]> {
  const read = schema.safeParse(raw);
  if (read.success) return ok(read.data);
  const problems = read.error.issues.map(({ message, path }) =>
    path.length > 0 ? `${message} at ${path.join('.')}` : message,
  );
  return refuse(problems);
}

/** Any text that is not empty. */
export const text = <const O extends FieldOptions<string>>(name: string, options: O) =>
  field<string, O>(name, options, z.string());

/** Text that must never be printed. */
export const secret = <const O extends FieldOptions<string>>(name: string, options: O) =>
  field<string, O>(name, options, z.string(), redacted);

interface IntegerOptions extends FieldOptions<number> {
  min?: number;
  max?: number;
}

/** A whole number, by default from 0. */
export const integer = <const O extends IntegerOptions>(name: string, options: O) =>
  field<number, O>(
    name,
    options,
    z
      .string()
      .regex(/^-?\d+$/, 'must be a whole number')
      .transform(Number)
      .pipe(
        z
          .number()
          .min(options.min ?? 0)
          .max(options.max ?? Number.MAX_SAFE_INTEGER),
      ),
  );

const MS_PER_UNIT: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A length of time in milliseconds: "250", "250ms", "10s", "5m", "1h". */
export const duration = <const O extends FieldOptions<number>>(name: string, options: O) =>
  field<number, O>(
    name,
    options,
    z
      .string()
      .regex(/^\d+(ms|s|m|h)?$/, 'must be a duration such as 250ms, 10s, 5m or 1h')
      .transform((value) => {
        const unit = value.replace(/^\d+/, '');
        return Number.parseInt(value, 10) * present(MS_PER_UNIT[unit || 'ms'], 'time unit');
      }),
  );

/** A switch: true or false, 1 or 0. */
export const flag = <const O extends FieldOptions<boolean>>(name: string, options: O) =>
  field<boolean, O>(
    name,
    options,
    z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1'),
  );

/** One of the given words. */
export const choice = <const C extends readonly [string, ...string[]]>(
  name: string,
  choices: C,
  options: FieldOptions<C[number]> & { optional?: false },
): ConfigField<C[number]> =>
  field<C[number], FieldOptions<C[number]>>(name, options, z.enum(choices));

/** An absolute URL, kept as text. A password in it is not printed. */
export const url = <const O extends FieldOptions<string>>(name: string, options: O) =>
  field<string, O>(
    name,
    options,
    z.string().refine((value) => URL.canParse(value), 'must be an absolute URL'),
    withoutPassword,
  );

const listed = (value: string): string[] => value.split(',').map((item) => item.trim());

/** One absolute URL or several, separated by commas; kept as one text, printed as `url` is. */
export const urls = <const O extends FieldOptions<string>>(name: string, options: O) =>
  field<string, O>(
    name,
    options,
    z
      .string()
      .refine(
        (value) => listed(value).every((item) => URL.canParse(item)),
        'must be absolute URLs, separated by commas',
      ),
    (value: string | undefined) => value && listed(value).map(withoutPassword).join(','),
  );

function withoutPassword(value: string | undefined): unknown {
  if (value === undefined) return undefined;
  const shown = new URL(value);
  if (shown.password !== '') shown.password = 'redacted';
  return shown.href;
}

interface JsonOptions<T> extends FieldOptions<T> {
  secret?: boolean;
}

/** JSON text that must fit the given zod schema. */
export const json = <T, const O extends JsonOptions<T>>(
  name: string,
  schema: z.ZodType<T>,
  options: O,
) =>
  field<T, O>(
    name,
    options,
    z.string().transform(parseJson).pipe(schema),
    options.secret === true ? redacted : asItIs,
  );

function parseJson(value: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(value) as unknown;
  } catch {
    // JSON.parse quotes its input in its message, and the input may be a secret.
    context.addIssue({ code: 'custom', message: 'must be JSON' });
    return z.NEVER;
  }
}

/** The text of one variable, taken from NAME or from the file that NAME_FILE points at. */
function rawText(name: string, env: Environment, problems: string[]): string | undefined {
  const direct = env[name] || undefined;
  const file = env[`${name}_FILE`] || undefined;
  if (file === undefined) return direct;
  if (direct !== undefined) {
    problems.push(`${name}: give it directly or as ${name}_FILE, not both`);
    return direct;
  }
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    problems.push(`${name}: the file of ${name}_FILE cannot be read (${code})`);
    return undefined;
  }
}

function readField(one: ConfigField, env: Environment, problems: string[]): unknown {
  const before = problems.length;
  const raw = rawText(one.name, env, problems);
  if (problems.length > before) return undefined;
  if (raw === undefined) {
    const absent = one.fallback === undefined && !one.optional;
    if (absent) problems.push(`${one.name}: missing (${one.describe})`);
    return one.fallback;
  }
  const read = one.read(raw);
  if (read.ok) return read.value;
  problems.push(...read.error.map((problem) => `${one.name}: ${problem} (${one.describe})`));
  return undefined;
}

const fieldsOf = new WeakMap<object, Record<string, ConfigField>>();

/**
 * Reads the whole configuration once. Only a service's config.ts calls this. An empty variable
 * counts as absent, and every NAME may also be given as NAME_FILE, the path of a mounted file.
 * @throws ConfigurationError that lists all problems together, never with a secret's value
 */
export function readConfig<S extends Record<string, ConfigField>>(
  fields: S,
  env: Environment = process.env,
): ConfigOf<S> {
  const problems: string[] = [];
  const entries = Object.entries(fields).map(([key, one]) => [key, readField(one, env, problems)]);
  if (problems.length > 0) throw new ConfigurationError(problems);
  const config = Object.freeze(Object.fromEntries(entries)) as ConfigOf<S>;
  fieldsOf.set(config, fields);
  return config;
}

/** The configuration as it may be logged: secrets and passwords in URLs are redacted. */
export function printableConfig(config: object): Record<string, unknown> {
  const fields = present(fieldsOf.get(config), 'the fields of this configuration');
  const entries = Object.entries(config).map(([key, value]) => {
    const shown = value === undefined ? undefined : fields[key]?.print(value);
    return [key, shown] as const;
  });
  return Object.fromEntries(entries);
}
