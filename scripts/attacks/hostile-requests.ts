import fc from 'fast-check';
import type { ApiOperation, Schema } from './api-operations.ts';
import { hostileHeader, hostileText, hostileValue } from './hostile-values.ts';

/** One request as it goes out; the body is what is on the wire. */
export interface HostileRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string;
}

/** What really exists, so that not every request ends at the first look. */
export interface Known {
  walletIds: string[];
  transactionIds: string[];
  emails: string[];
  /** Authorization headers of whoever attacks; undefined sends none. */
  authorizations: (string | undefined)[];
}

/** Values that a field of this schema may well take. */
function plausible(schema: Schema, known: Known, name: string): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) {
    return fc.oneof(...choices.map((choice) => plausible(choice, known, name)));
  }
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'object') return plausibleObject(schema, known);
  if (type === 'array') {
    return fc.array(plausible(schema.items ?? {}, known, name), { maxLength: 3 });
  }
  if (type === 'boolean') return fc.boolean();
  if (type === 'integer' || type === 'number') return fc.integer({ min: -5, max: 100_000 });
  return plausibleText(known, name);
}

function plausibleText(known: Known, name: string): fc.Arbitrary<string> {
  const ids = [...known.walletIds, ...known.transactionIds];
  if (/mail/i.test(name)) return fc.constantFrom(...known.emails);
  if (/id$/i.test(name)) return fc.oneof(fc.constantFrom(...ids), fc.uuid());
  if (/amount|limit/i.test(name)) return fc.integer({ min: 1, max: 5000 }).map(String);
  if (/currency/i.test(name)) return fc.constantFrom('USD', 'EUR', 'JPY');
  if (/bank/i.test(name)) return fc.constantFrom('ok', 'declined', 'slow', 'down');
  if (/^(from|to|at)$/.test(name)) return fc.constant('2026-01-01T00:00:00Z');
  return fc.constantFrom(...ids, 'text', '1', 'a-b');
}

const plausibleObject = (schema: Schema, known: Known): fc.Arbitrary<unknown> =>
  fc.record(
    Object.fromEntries(
      Object.entries(schema.properties ?? {}).map(([name, field]) => [
        name,
        plausible(field, known, name),
      ]),
    ),
    { requiredKeys: schema.required ?? [] },
  );

/** A body that is right but for one field, or for one too many, or wrong as a whole. */
function hostileBody(schema: Schema, known: Known): fc.Arbitrary<string> {
  const right = plausible(schema, known, '');
  const names = Object.keys(schema.properties ?? { a: {} });
  const spoiled = fc
    .tuple(right, fc.constantFrom(...names, '__proto__', 'extra'), hostileValue)
    .map(([body, name, value]) => {
      const fields = Object.entries(body as object).filter(([key]) => key !== name);
      const wanted = JSON.stringify(Object.fromEntries(fields)).slice(1, -1);
      const added = `${JSON.stringify(name)}:${JSON.stringify(value)}`;
      return `{${[wanted, added].filter(Boolean).join()}}`;
    });
  return fc.oneof(
    { weight: 2, arbitrary: right.map((body) => JSON.stringify(body)) },
    { weight: 6, arbitrary: spoiled },
    { weight: 1, arbitrary: hostileValue.map((value) => JSON.stringify(value) ?? '') },
    { weight: 1, arbitrary: hostileText },
  );
}

function hostilePath({ path, parameters }: ApiOperation, known: Known): fc.Arbitrary<string> {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)];
  const inQuery = parameters.filter((parameter) => parameter.in === 'query');
  const value = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...known.walletIds, ...known.transactionIds) },
    { weight: 1, arbitrary: hostileText },
  );
  const queryValue = fc.oneof(hostileText, plausibleText(known, 'id'), fc.constant('10'));
  const queryName = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom(...inQuery.map(({ name }) => name), 'x', 'metadata[a]'),
    },
    { weight: 1, arbitrary: hostileText },
  );
  const query = fc.array(fc.tuple(queryName, queryValue), { maxLength: 3 });
  return fc
    .tuple(fc.array(value, { minLength: inPath.length, maxLength: inPath.length }), query)
    .map(([values, pairs]) => {
      let at = 0;
      const filled = path.replaceAll(/\{\w+\}/g, () => encode(values[at++] ?? ''));
      const search = pairs.map(([name, text]) => `${encode(name)}=${encode(text)}`).join('&');
      return search === '' ? filled : `${filled}?${search}`;
    });
}

/** Lone halves of a pair can't be encoded: they go out as a byte that is no UTF-8. */
const encode = (text: string): string =>
  text.isWellFormed() ? encodeURIComponent(text) : '%ED%A0%80';

const OTHER_TYPES = [
  'application/json; charset=utf-16',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain',
  'application/xml',
  '',
];

/** Requests to one operation, by somebody who should get nowhere. */
export function hostileRequests(
  operation: ApiOperation,
  known: Known,
): fc.Arbitrary<HostileRequest> {
  const { method, body, bodyType } = operation;
  const contentType = fc.oneof(
    { weight: 9, arbitrary: fc.constant(bodyType) },
    { weight: 1, arbitrary: fc.constantFrom(...OTHER_TYPES) },
  );
  const extra = fc.dictionary(
    fc.constantFrom(
      'idempotency-key',
      'prefer',
      'x-request-id',
      'traceparent',
      'x-device-id',
      'x-geo',
      'x-forwarded-for',
      'last-event-id',
      'accept',
      'content-encoding',
    ),
    hostileHeader,
    { maxKeys: 2 },
  );
  return fc
    .record({
      path: hostilePath(operation, known),
      authorization: fc.constantFrom(...known.authorizations),
      key: fc.uuid(),
      contentType,
      extra,
      body: body === undefined ? fc.constant(undefined) : hostileBody(body, known),
    })
    .map((made) => ({
      method,
      path: made.path,
      headers: {
        ...(made.authorization !== undefined && { authorization: made.authorization }),
        ...(made.body !== undefined && { 'content-type': made.contentType }),
        'idempotency-key': made.key,
        ...made.extra,
      },
      ...(made.body !== undefined && { body: made.body }),
    }));
}
