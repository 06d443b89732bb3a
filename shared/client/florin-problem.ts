import type { Problem } from './operations.ts';

/**
 * An answer that says no, or that something is wrong. `code` is stable: branch on it, not on texts.
 */
export class FlorinProblem extends Error {
  override readonly name = 'FlorinProblem';
  readonly status: number;
  readonly code: string;
  /** The whole answer: `transaction` of a refusal, `errors` of a validation, facts. */
  readonly problem: Problem;
  /** Of a 429 or 503, ms. */
  readonly retryAfterMs: number | undefined;

  constructor(problem: Problem, retryAfterMs?: number) {
    super(`${problem.code}: ${problem.detail}`);
    this.status = problem.status;
    this.code = problem.code;
    this.problem = problem;
    this.retryAfterMs = retryAfterMs;
  }
}

/** No answer came, however often it was tried: whether anything was done is not known. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/**
 * Whether the same request may be answered otherwise in a moment: no answer came, the same one is
 * still under way, too many came at once, or the platform is in trouble. Banks that are away stay
 * away for longer than a call waits.
 */
export function isPassing(error: unknown): boolean {
  if (error instanceof Unreachable) return true;
  if (!(error instanceof FlorinProblem)) return false;
  const { code, status } = error;
  if (code === 'idempotency-request-in-flight' || status === 429) return true;
  return status >= 500 && code !== 'bank-unavailable';
}

/** What an answer that is no success says; proxies on the way may answer without a problem. */
export async function problemOf(response: Response): Promise<FlorinProblem> {
  const text = await response.text();
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : undefined;
  return new FlorinProblem(readProblem(text) ?? unreadable(response), retryAfterMs);
}

function readProblem(text: string): Problem | undefined {
  try {
    const content = JSON.parse(text) as Partial<Problem> | null;
    return typeof content?.code === 'string' ? (content as Problem) : undefined;
  } catch {
    return undefined;
  }
}

const unreadable = ({ status, statusText }: Response): Problem => ({
  type: 'about:blank',
  title: statusText,
  status,
  code: 'unreadable-answer',
  detail: `status ${status} without a problem document`,
  traceId: '',
});
