/** The parts of OpenAPI 3.1 that types are made from. */
export interface ApiDescription {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

interface Operation {
  summary: string;
  parameters?: { name: string; in: string; required?: boolean; schema: Schema }[];
  requestBody?: { required?: boolean; content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema?: Schema }> }>;
}

type Schema = Readonly<{
  $ref?: string;
  type?: string | readonly string[];
  const?: unknown;
  enum?: readonly unknown[];
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  prefixItems?: readonly Schema[];
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  allOf?: readonly Schema[];
}>;

const HEAD = `/**
 * What the API takes and answers, by method and path: made by \`npm run gen\` from the description
 * of the API.
 */
`;

/** TypeScript that names every operation of the API: its path, query, body and answer. */
export function apiTypes({ paths, components }: ApiDescription): string {
  const named = new Map(
    Object.entries(components.schemas).map(([name, schema]) => [JSON.stringify(schema), name]),
  );
  const typeOf = createTypeOf(named);
  const shapes = Object.entries(components.schemas).map(
    ([name, schema]) => `export type ${name} = ${typeOf(schema, name)};`,
  );
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) =>
      operationType(`${method.toUpperCase()} ${path}`, operation, typeOf),
    ),
  );
  const withKey = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { parameters = [] }]) => parameters.some(({ name }) => name === KEY_HEADER))
      .map(([method]) => `'${method.toUpperCase()} ${path}',`),
  );
  return [
    HEAD,
    ...shapes,
    `export interface Operations {\n${operations.join('\n')}\n}`,
    '/** Repeating these with the same key does nothing twice. */',
    `export const WITH_IDEMPOTENCY_KEY: ReadonlySet<string> = new Set([${withKey.join('')}]);`,
  ].join('\n\n');
}

const KEY_HEADER = 'Idempotency-Key';

type TypeOf = (schema: Schema, except?: string) => string;

function operationType(key: string, operation: Operation, typeOf: TypeOf): string {
  const { summary, parameters = [], requestBody, responses } = operation;
  const fields = (place: string): string => {
    const own = parameters.filter((one) => one.in === place);
    const typed = own.map(
      ({ name, required, schema }) => `${quoted(name)}${required ? '' : '?'}: ${typeOf(schema)};`,
    );
    return `{ ${typed.join(' ')} }`;
  };
  // A dry run answers 200, what is done 201 or 202.
  const canBeTried = parameters.some(({ name }) => name === 'dryRun');
  const good = Object.entries(responses).filter(([status]) => status.startsWith('2'));
  const typesOf = (wanted: (status: string) => boolean): string =>
    unionOf(
      good
        .filter(([status]) => wanted(status))
        .map(([, { content }]) => answerType(content, typeOf)),
    ) || 'undefined';
  return [
    `/** ${summary.replaceAll('*/', '')} */`,
    `'${key}': {`,
    `path: ${fields('path')};`,
    `query: ${fields('query')};`,
    `body: ${bodyType(requestBody?.content, typeOf)};`,
    `answer: ${typesOf((status) => !canBeTried || status !== '200')};`,
    ...(canBeTried ? [`tried: ${typesOf((status) => status === '200')};`] : []),
    ...(parameters.some(({ name }) => name === KEY_HEADER) ? ['keyed: true;'] : []),
    '};',
  ].join('\n');
}

/** JSON is written for the caller; a form or a file is given as it is. */
function bodyType(content: Record<string, { schema: Schema }> | undefined, typeOf: TypeOf): string {
  if (content === undefined) return 'undefined';
  const json = content['application/json']?.schema;
  if (json !== undefined) return typeOf(json);
  return 'multipart/form-data' in content ? 'FormData' : 'Blob';
}

/** JSON is parsed, and everything else is what the client gets to read. */
function answerType(content: Operation['responses'][string]['content'], typeOf: TypeOf): string {
  if (content === undefined) return 'undefined';
  const json = content['application/json']?.schema;
  return json === undefined ? 'Blob' : typeOf(json);
}

const quoted = (name: string): string => (/^\w+$/.test(name) ? name : `'${name}'`);

function createTypeOf(named: ReadonlyMap<string, string>): TypeOf {
  function typeOf(schema: Schema, except?: string): string {
    if (schema.$ref !== undefined) return schema.$ref.split('/').at(-1) ?? 'unknown';
    const name = named.get(JSON.stringify(schema));
    if (name !== undefined && name !== except) return name;
    if (schema.const !== undefined) return JSON.stringify(schema.const);
    if (schema.enum !== undefined) return unionOf(schema.enum.map((one) => JSON.stringify(one)));
    const choices = schema.anyOf ?? schema.oneOf;
    if (choices !== undefined) return unionOf(choices.map((one) => typeOf(one)));
    if (schema.allOf !== undefined) return schema.allOf.map((one) => typeOf(one)).join(' & ');
    const types = Array.isArray(schema.type) ? schema.type : [schema.type];
    return unionOf(types.map((type) => plainType(type as string | undefined, schema)));
  }

  function plainType(type: string | undefined, schema: Schema): string {
    switch (type) {
      case 'string':
        return 'string';
      case 'number':
      case 'integer':
        return 'number';
      case 'boolean':
        return 'boolean';
      case 'null':
        return 'null';
      case 'array':
        return arrayType(schema);
      case 'object':
        return objectType(schema);
      default:
        return 'unknown';
    }
  }

  function arrayType({ items, prefixItems }: Schema): string {
    if (prefixItems) return `readonly [${prefixItems.map((one) => typeOf(one)).join(', ')}]`;
    return `readonly (${items === undefined ? 'unknown' : typeOf(items)})[]`;
  }

  function objectType({ properties, required = [], additionalProperties }: Schema): string {
    if (properties === undefined) {
      const value = typeof additionalProperties === 'object' ? typeOf(additionalProperties) : '';
      return `Readonly<Record<string, ${value || 'unknown'}>>`;
    }
    const fields = Object.entries(properties).map(
      ([name, schema]) =>
        `readonly ${quoted(name)}${required.includes(name) ? '' : '?'}: ${typeOf(schema)};`,
    );
    return `{ ${fields.join(' ')} }`;
  }

  return typeOf;
}

/** What is part of another one of them says nothing. */
function unionOf(types: readonly string[]): string {
  const parts = types.flatMap((type) => (/[{(<]/.test(type) ? [type] : type.split(' | ')));
  const isCovered = (type: string): boolean =>
    (parts.includes('number') && /^-?\d+$/.test(type)) ||
    (parts.includes('string') && type.startsWith('"'));
  return [...new Set(parts)].filter((type) => !isCovered(type)).join(' | ');
}
