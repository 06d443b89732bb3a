export interface RestAnswer {
  status: number;
  body: unknown;
  request: string;
}

/** As little of a client as the demo data needs. */
export interface RestClient {
  get(path: string): Promise<RestAnswer>;
  post(path: string, body: unknown, idempotencyKey?: string): Promise<RestAnswer>;
  put(path: string, body: unknown): Promise<RestAnswer>;
  upload(path: string, form: FormData): Promise<RestAnswer>;
  /** The body of an answer with one of these statuses. @throws with what came instead */
  expect<T>(answer: RestAnswer, ...statuses: number[]): T;
}

export function createRestClient(baseUrl: string, accessToken?: string): RestClient {
  async function call(method: string, path: string, init: RequestInit = {}): Promise<RestAnswer> {
    const headers = {
      ...(accessToken && { authorization: `Bearer ${accessToken}` }),
      ...(init.headers as Record<string, string> | undefined),
    };
    const response = await fetch(new URL(path, baseUrl), { ...init, method, headers });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    const body: unknown = isJson ? JSON.parse(text) : text;
    return { status: response.status, body, request: `${method} ${path}` };
  }
  const withBody = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });
  return {
    get: (path) => call('GET', path),
    post: (path, body, idempotencyKey) =>
      call(
        'POST',
        path,
        withBody(body, idempotencyKey ? { 'idempotency-key': idempotencyKey } : {}),
      ),
    put: (path, body) => call('PUT', path, withBody(body)),
    upload: (path, form) => call('POST', path, { body: form }),
    expect<T>({ status, body, request }: RestAnswer, ...statuses: number[]): T {
      if (statuses.includes(status)) return body as T;
      throw new Error(`${request} answered ${status}: ${JSON.stringify(body)}`);
    },
  };
}
