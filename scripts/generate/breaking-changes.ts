import { shapesOf, type JsonSchema } from './json-schema.ts';

/**
 * What keeps readers of one of the two schemas from reading messages of the other, as lines for
 * people. Streams hold messages of both at once, so such a change needs a new version of the type.
 * An optional property more is no such change: readers ignore what they do not know.
 */
export function breakingChanges(before: JsonSchema, after: JsonSchema, place = '$'): string[] {
  const [old, now] = [shapesOf(before), shapesOf(after)];
  if (old.length === 1 && now.length === 1) return changesOfShape(before, after, place);
  return old.flatMap((shape) => {
    const kind = kindOf(shape);
    const same = now.find((candidate) => kindOf(candidate) === kind);
    return same ? changesOfShape(shape, same, `${place}(${kind})`) : [`${place}: no ${kind} now`];
  });
}

/** What tells the shapes of a choice apart: their constants, as in `type=transfer`. */
function kindOf({ type, properties = {} }: JsonSchema): string {
  const constants = Object.entries(properties).filter(([, value]) => value.const !== undefined);
  if (constants.length === 0) return String(type);
  return constants.map(([name, value]) => `${name}=${String(value.const)}`).join();
}

function changesOfShape(before: JsonSchema, after: JsonSchema, place: string): string[] {
  if (before.type !== after.type) return [`${place}: was ${before.type}, is ${after.type}`];
  const items =
    before.items && after.items ? breakingChanges(before.items, after.items, `${place}[]`) : [];
  return [
    ...lostValues(before, after, place),
    ...changesOfProperties(before, after, place),
    ...items,
  ];
}

function lostValues(before: JsonSchema, after: JsonSchema, place: string): string[] {
  const valuesOf = (schema: JsonSchema): readonly unknown[] =>
    schema.enum ?? (schema.const === undefined ? [] : [schema.const]);
  const values = valuesOf(after);
  const lost =
    values.length === 0 ? [] : valuesOf(before).filter((value) => !values.includes(value));
  return lost.map((value) => `${place}: may no longer be ${String(value)}`);
}

function changesOfProperties(before: JsonSchema, after: JsonSchema, place: string): string[] {
  const { properties: old = {}, required: needed = [] } = before;
  const { properties: now = {}, required: needs = [] } = after;
  const within = Object.entries(old).flatMap(([name, schema]) => {
    const same = now[name];
    if (same === undefined) return [`${place}.${name}: removed`];
    return breakingChanges(schema, same, `${place}.${name}`);
  });
  const demanded = needs.filter((name) => !needed.includes(name));
  const left = needed.filter((name) => !needs.includes(name) && name in now);
  return [
    ...within,
    ...demanded.map((name) => `${place}.${name}: newly required`),
    ...left.map((name) => `${place}.${name}: no longer always there`),
  ];
}
