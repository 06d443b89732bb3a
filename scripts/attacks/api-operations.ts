/** The part of an OpenAPI document that tells what may be sent. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  pattern?: string;
  format?: string;
}

export interface ApiOperation {
  method: string;
  /** With parameters as `{id}`. */
  path: string;
  parameters: { name: string; in: 'path' | 'query' | 'header'; schema: Schema }[];
  body: Schema | undefined;
  bodyType: string;
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
}

interface Operation {
  parameters?: ApiOperation['parameters'];
  requestBody?: { content: Record<string, { schema: Schema }> };
}

/** Every operation of an OpenAPI document. */
export const operationsOf = ({ paths }: Document): ApiOperation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => {
      const [[bodyType, content] = ['application/json', undefined]] = Object.entries(
        requestBody?.content ?? {},
      );
      return { method: method.toUpperCase(), path, parameters, body: content?.schema, bodyType };
    }),
  );
