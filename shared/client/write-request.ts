/** What a call is made of, whichever operation it is of. */
export interface RequestInput {
  path?: Readonly<Record<string, unknown>> | undefined;
  query?: Readonly<Record<string, unknown>> | undefined;
  body?: unknown;
  prefer?: string | undefined;
}

export interface WrittenRequest extends RequestInit {
  headers: Readonly<Record<string, string>>;
}

/** Forms and files are sent as they are and name their own type; everything else is JSON. */
const isWhole = (body: unknown): body is FormData | Blob =>
  body instanceof FormData || body instanceof Blob;

export function writeRequest(
  method: string,
  { body, prefer }: RequestInput,
  key: string | undefined,
): WrittenRequest {
  return {
    method,
    headers: {
      ...(body === undefined || isWhole(body) ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...(prefer === undefined ? {} : { prefer }),
    },
    ...(body === undefined ? {} : { body: isWhole(body) ? body : JSON.stringify(body) }),
  };
}

/** `/v1/wallets/{id}` with its names filled in, escaped, and what is asked of it. */
export const addressOf = (template: string, { path = {}, query = {} }: RequestInput): string =>
  template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(path[name]))) +
  searchOf(query);

const isPlain = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value);

/** What is undefined is not asked for; fields of objects as `metadata[key]=value`. */
export function searchOf(query: Readonly<Record<string, unknown>>): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (isPlain(value)) given.append(name, String(value));
    else if (typeof value === 'object' && value !== null) {
      for (const [key, one] of Object.entries(value)) given.append(`${name}[${key}]`, String(one));
    }
  }
  return given.size === 0 ? '' : `?${given}`;
}
