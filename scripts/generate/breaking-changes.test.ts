import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../run-command.ts';
import { breakingChanges } from './breaking-changes.ts';
import type { JsonSchema } from './json-schema.ts';
import { messageSchemas } from './message-schemas.ts';

const text: JsonSchema = { type: 'string' };
const object = (properties: Record<string, JsonSchema>, required: string[] = []): JsonSchema => ({
  type: 'object',
  properties,
  required,
});
const kind = (name: string, more: Record<string, JsonSchema> = {}): JsonSchema =>
  object({ kind: { type: 'string', const: name }, ...more }, ['kind']);

const before = object({ a: text, b: text }, ['a']);

describe('a change that readers of a stream would stumble over is found', () => {
  test.each<[string, JsonSchema, JsonSchema, string]>([
    ['a property is gone', before, object({ a: text }, ['a']), '$.b: removed'],
    ['one that was always there is gone', before, object({ b: text }), '$.a: removed'],
    ['one is asked for', before, object({ a: text, b: text }, ['a', 'b']), '$.b: newly required'],
    ['a new one is asked for', object({}), object({ c: text }, ['c']), '$.c: newly required'],
    ['one may now be absent', before, object({ a: text, b: text }), '$.a: no longer always there'],
    ['another type', text, { type: 'integer' }, '$: was string, is integer'],
    ['a value less', { enum: ['x', 'y'] }, { enum: ['x'] }, '$: may no longer be y'],
    ['another constant', { const: 1 }, { const: 2 }, '$: may no longer be 1'],
    [
      'deep in a list',
      object({ list: { type: 'array', items: before } }),
      object({ list: { type: 'array', items: object({ a: text }, ['a']) } }),
      '$.list[].b: removed',
    ],
    [
      'a choice less',
      { oneOf: [kind('x'), kind('y')] },
      { oneOf: [kind('x')] },
      '$: no kind=y now',
    ],
    [
      'within a choice that has moved',
      { oneOf: [kind('x'), kind('y', { a: text })] },
      { oneOf: [kind('y'), kind('x')] },
      '$(kind=y).a: removed',
    ],
  ])('%s', (_, old, now, found) => expect(breakingChanges(old, now)).toEqual([found]));

  test.each<[string, JsonSchema, JsonSchema]>([
    ['nothing changed', before, before],
    ['an optional property more', before, object({ a: text, b: text, c: text }, ['a'])],
    ['a value more', { enum: ['x'] }, { enum: ['x', 'y'] }],
    [
      'a choice more',
      { oneOf: [kind('x'), kind('y')] },
      { oneOf: ['x', 'y', 'z'].map((k) => kind(k)) },
    ],
    ['a first choice', kind('x'), { oneOf: [kind('y'), kind('x')] }],
  ])('no false alarm: %s', (_, old, now) => expect(breakingChanges(old, now)).toEqual([]));
});

test.each(messageSchemas())(
  '$type can still be read by those who know its published schema, and the other way round',
  ({ type, schema }) => {
    const file = join(root, 'docs/events', `${type}.json`);
    expect(existsSync(file), 'npm run gen publishes it').toBe(true);
    const published = JSON.parse(readFileSync(file, 'utf8')) as JsonSchema;
    expect(breakingChanges(published, schema)).toEqual([]);
  },
);
