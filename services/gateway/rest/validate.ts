import { ok, refuse, type Result } from '@florin/kernel';
import type { z } from 'zod';
import { refusal, type Refusal } from '../domain/refusal.ts';

const ERRORS_MAX = 20;

/** RFC 6901: `~` and `/` inside a member name are escaped. */
const pointerTo = (path: readonly PropertyKey[]): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

interface Mistake {
  path: PropertyKey[];
  detail: string;
}

/** An unknown member is reported where it stands, one mistake each. */
function mistakesOf(issue: z.core.$ZodIssue): Mistake[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, detail: issue.message }];
  return issue.keys.map((key) => ({ path: [...issue.path, key], detail: 'is not known here' }));
}

/** Checks a body. Mistakes are named by JSON pointers into it. */
export function validateBody(schema: z.ZodType, body: unknown): Result<unknown, Refusal> {
  const read = schema.safeParse(body);
  if (read.success) return ok(read.data);
  const errors = read.error.issues
    .flatMap(mistakesOf)
    .slice(0, ERRORS_MAX)
    .map(({ path, detail }) => ({ pointer: pointerTo(path), detail }));
  return refuse(refusal('validation-failed', 'the body has mistakes', { facts: { errors } }));
}

/** Checks a query. Mistakes are named by parameter. */
export function validateQuery(schema: z.ZodType, query: unknown): Result<unknown, Refusal> {
  const read = schema.safeParse(query);
  if (read.success) return ok(read.data);
  const errors = read.error.issues
    .flatMap(mistakesOf)
    .slice(0, ERRORS_MAX)
    .map(({ path: [name, member], detail }) => ({
      parameter: member === undefined ? String(name) : `${String(name)}[${String(member)}]`,
      detail,
    }));
  return refuse(refusal('validation-failed', 'the query has mistakes', { facts: { errors } }));
}
