/** As much of JSON Schema as the description of the API uses. */
export type Schema = Readonly<{
  $ref?: string;
  type?: string | readonly string[];
  const?: unknown;
  enum?: readonly unknown[];
  examples?: readonly unknown[];
  default?: unknown;
  description?: string;
  format?: string;
  pattern?: string;
  minimum?: number;
  minItems?: number;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  items?: Schema;
  prefixItems?: readonly Schema[];
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  allOf?: readonly Schema[];
}>;

/** What a member of that name is in an example: what an earlier request has brought, or a value. */
const BY_NAME: Record<string, unknown> = {
  walletId: '{{walletId}}',
  fromWalletId: '{{walletId}}',
  toWalletId: '{{otherWalletId}}',
  email: '{{email}}',
  fromEmail: '{{email}}',
  password: '{{password}}',
  currentPassword: '{{password}}',
  refreshToken: '{{refreshToken}}',
  client_id: '{{clientId}}',
  client_secret: '{{clientSecret}}',
  grant_type: 'client_credentials',
  amount: '2500',
  fromAmount: '2500',
  threshold: '1000',
  limit: '0',
  budget: '100000',
  bankAccount: 'ok',
  bank: 'ok',
  currency: 'USD',
  fromCurrency: 'USD',
  toCurrency: 'EUR',
  timeZone: 'UTC',
  startAt: '2090-01-01T09:00',
  validUntil: '2090-01-01T00:00:00Z',
  url: 'https://example.com/hooks',
  redirectUris: ['https://example.com/back'],
  name: 'An example',
  reason: 'An example',
  note: 'An example',
};

export function createExampleOf(schemas: Readonly<Record<string, Schema>>) {
  function ofText({ format, pattern }: Schema): string {
    if (format === 'date-time') return '2090-01-01T00:00:00Z';
    if (format === 'uri') return 'https://example.com';
    return pattern?.includes('0-9') === true ? '1' : 'example';
  }

  function ofType(type: string | undefined, schema: Schema): unknown {
    if (type === 'string') return ofText(schema);
    if (type === 'integer' || type === 'number') return schema.minimum ?? 1;
    if (type === 'boolean') return true;
    if (type === 'array') {
      const each = schema.prefixItems ?? [schema.items ?? {}];
      return (schema.minItems ?? 1) === 0 ? [] : each.map((item) => exampleOf(item));
    }
    return type === 'object' || schema.properties !== undefined ? ofObject(schema) : 'example';
  }

  /** What must be there: what may be is said beside the example. */
  function ofObject({ properties = {}, required = [] }: Schema): object {
    const members = required.map((name) => [name, exampleOf(properties[name] ?? {}, name)]);
    return Object.fromEntries(members) as object;
  }

  /** A value that fits the schema, with what earlier requests have brought where it has a name. */
  function exampleOf(schema: Schema, name?: string): unknown {
    if (schema.$ref !== undefined) {
      return exampleOf(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, name);
    }
    if (schema.const !== undefined) return schema.const;
    if (schema.enum !== undefined) return schema.enum[0];
    if (name !== undefined && Object.hasOwn(BY_NAME, name)) return BY_NAME[name];
    if (schema.examples !== undefined) return schema.examples[0];
    if (schema.default !== undefined) return schema.default;
    const [first] = [...(schema.oneOf ?? []), ...(schema.anyOf ?? []), ...(schema.allOf ?? [])];
    if (first !== undefined) return exampleOf(first, name);
    const type = typeof schema.type === 'string' ? schema.type : schema.type?.[0];
    return ofType(type, schema);
  }
  return exampleOf;
}
