import type * as Schemas from '@florin/contracts';
import type { TFunction } from 'i18next';
import type { FieldValues, Resolver } from 'react-hook-form';
import type { z } from 'zod';
import { issueText } from './issue-text.ts';

type Contracts = typeof Schemas;

const contracts = () => import('@florin/contracts');
const zodAdapter = () => import('@hookform/resolvers/zod');

/**
 * Lets a schema of the API judge a form, in the person's language. Schemas are a sixth of all that
 * a first page would have to load, and nobody needs them to see it: they come when it stands still,
 * or at the latest with the first submission.
 */
export function schemaResolver<Input extends FieldValues, Output extends FieldValues>(
  t: TFunction,
  schemaOf: (contracts: Contracts) => z.ZodType<Output, Input> | Promise<z.ZodType<Output, Input>>,
): Resolver<Input, unknown, Output> {
  return async (values, context, options) => {
    const [{ zodResolver }, schema] = await Promise.all([zodAdapter(), contracts().then(schemaOf)]);
    const resolve = zodResolver(schema, { error: (issue) => issueText(t, issue) });
    return resolve(values, context, options);
  };
}

/** Fetches what forms will need, once the page has nothing better to do. */
export function preloadSchemas(): void {
  setTimeout(() => void Promise.all([contracts(), zodAdapter()]).catch(() => undefined), 2500);
}
