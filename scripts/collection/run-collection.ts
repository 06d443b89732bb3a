import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { failureOf, valueAt, type ReceivedAnswer } from './check-answer.ts';
import type { Collection, CollectionRequest } from './read-collection.ts';

export interface CollectionRun {
  requests: number;
  assertions: number;
  failures: string[];
}

const REQUEST_MS = 60_000;

/** Values that Bruno makes anew each time. */
const MADE: Record<string, () => string> = {
  $guid: randomUUID,
  $randomEmail: () => `${randomUUID()}@example.com`,
};

/**
 * Runs a collection of Bruno, as it lies on the disk, in its order and with its variables. Bruno's
 * own command would bring two hundred packages into every installation; the language of the files
 * is read by Bruno's own reader all the same.
 */
export async function runCollection(
  { folder, requests, variables }: Collection,
  given: Readonly<Record<string, string>>,
): Promise<CollectionRun> {
  const known: Record<string, string> = { ...variables, ...given };
  const run: CollectionRun = { requests: 0, assertions: 0, failures: [] };

  const fill = (text: string): string =>
    text.replaceAll(/\{\{([$\w]+)\}\}/g, (_, name: string) => {
      const value = MADE[name]?.() ?? known[name];
      if (value === undefined) throw new Error(`nothing has brought the variable ${name}`);
      return value;
    });

  function bodyOf({ body, http }: CollectionRequest): string | FormData | undefined {
    if (http.body === 'none') return undefined;
    if (body?.multipartForm === undefined) return fill(body?.json ?? body?.text ?? '');
    const form = new FormData();
    for (const { name, type, value } of body.multipartForm) {
      const [path = ''] = [value].flat();
      if (type === 'text') form.set(name, fill(path));
      else form.set(name, new Blob([readFileSync(join(folder, path))]), path);
    }
    return form;
  }

  function urlOf({ http, params = [] }: CollectionRequest): string {
    const inPath = params.filter(({ type }) => type === 'path');
    return inPath.reduce(
      (url, { name, value }) => url.replace(`/:${name}`, `/${encodeURIComponent(fill(value))}`),
      fill(http.url),
    );
  }

  async function send(request: CollectionRequest): Promise<ReceivedAnswer> {
    const { http, headers = [], auth } = request;
    const body = bodyOf(request);
    const response = await fetch(urlOf(request), {
      method: http.method.toUpperCase(),
      headers: {
        ...(http.body === 'json' && { 'content-type': 'application/json' }),
        ...(auth && { authorization: `Bearer ${fill(auth.bearer.token)}` }),
        ...Object.fromEntries(headers.map(({ name, value }) => [name, fill(value)])),
      },
      ...(body !== undefined && { body }),
      redirect: 'manual',
      signal: AbortSignal.timeout(REQUEST_MS),
    });
    const type = response.headers.get('content-type') ?? '';
    const received = { status: response.status, headers: Object.fromEntries(response.headers) };
    // A stream of events does not end by itself.
    if (type.startsWith('text/event-stream')) await response.body?.cancel();
    const text = type.startsWith('text/event-stream') ? '' : await response.text();
    return { ...received, body: /[/+]json\b/.test(type) ? JSON.parse(text) : text };
  }

  for (const request of requests) {
    run.requests++;
    const answer = await send(request);
    for (const { name, value } of request.assertions ?? []) {
      run.assertions++;
      const failure = failureOf(answer, name, fill(value));
      if (failure !== undefined) {
        run.failures.push(`${request.file}: ${failure} (${JSON.stringify(answer.body)})`);
      }
    }
    for (const { name, value } of request.vars?.res ?? []) {
      const taken = valueAt(answer, value);
      if (typeof taken === 'string') known[name] = taken;
    }
  }
  return run;
}
