import {
  entryView,
  problem,
  tokenPairView,
  transactionView,
  userView,
  walletView,
} from '@florin/contracts';
import { z } from 'zod';

/** Schemas that the description names once and refers to everywhere. */
const NAMED = new Map<z.core.$ZodType, string>([
  [transactionView, 'Transaction'],
  [walletView, 'Wallet'],
  [entryView, 'Entry'],
  [userView, 'User'],
  [tokenPairView, 'TokenPair'],
  [problem, 'Problem'],
]);

export type JsonSchema = Record<string, unknown>;

const refTo = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

function describe(schema: z.core.$ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io,
    override({ zodSchema, jsonSchema, path }) {
      const name = NAMED.get(zodSchema);
      if (name === undefined || path.length === 0) return;
      for (const member of Object.keys(jsonSchema)) delete jsonSchema[member];
      Object.assign(jsonSchema, refTo(name));
    },
  });
  return json;
}

/** A schema as OpenAPI 3.1 wants it, from the side that sends it. */
export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const name = NAMED.get(schema);
  return name === undefined ? describe(schema, io) : refTo(name);
}

export const namedSchemas = (): Record<string, JsonSchema> =>
  Object.fromEntries([...NAMED].map(([schema, name]) => [name, describe(schema, 'output')]));
