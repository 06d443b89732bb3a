import type { ServerResponse } from 'node:http';
import { PROBLEMS, type ProblemCode } from '@florin/contracts';

/** Answers in the form of the API's own problems, so that the app reads both alike. */
export function sendProblem(response: ServerResponse, code: ProblemCode, detail: string): void {
  const { status, title } = PROBLEMS[code];
  const problem = { type: 'about:blank', title, status, code, detail, traceId: '' };
  response.writeHead(status, {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    ...(status === 503 ? { 'retry-after': '1' } : {}),
  });
  response.end(JSON.stringify(problem));
}
