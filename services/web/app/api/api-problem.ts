import type { Problem } from '@florin/contracts';

/** The API said no, in its own words: a problem document. */
export class ApiProblem extends Error {
  override name = 'ApiProblem';
  readonly problem: Problem;
  /** When trying again may help, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(problem: Problem, retryAfterMs: number | undefined) {
    super(`${problem.code}: ${problem.detail}`);
    this.problem = problem;
    this.retryAfterMs = retryAfterMs;
  }
}

/** No answer came: the connection is gone, and whether the request arrived is unknown. */
export class Unreachable extends Error {
  override name = 'Unreachable';
}

export const codeOf = (error: unknown): string | undefined =>
  error instanceof ApiProblem ? error.problem.code : undefined;

/** The same request may be answered otherwise in a moment. */
export function isPassing(error: unknown): boolean {
  if (error instanceof Unreachable) return true;
  if (!(error instanceof ApiProblem)) return false;
  const { code, status } = error.problem;
  if (code === 'idempotency-request-in-flight' || code === 'rate-limited') return true;
  return status >= 500 && code !== 'bank-unavailable';
}

/** Reads an answer that is no success. What is no problem document becomes one. */
export async function problemFrom(response: Response): Promise<ApiProblem> {
  const { status, headers } = response;
  const retryAfter = Number(headers.get('retry-after'));
  const isJson = headers.get('content-type')?.includes('json') === true;
  const read = isJson ? ((await response.json()) as Partial<Problem>) : {};
  const problem: Problem = {
    type: 'about:blank',
    title: '',
    code: status >= 500 ? 'internal' : 'unknown',
    detail: '',
    traceId: '',
    ...read,
    status,
  };
  return new ApiProblem(problem, retryAfter > 0 ? retryAfter * 1000 : undefined);
}
