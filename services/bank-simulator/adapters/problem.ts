import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { Logger } from '@florin/runtime';
import type { z } from 'zod';

const PROBLEMS = {
  'validation-failed': { status: 400, title: 'The request is not valid' },
  'not-found': { status: 404, title: 'There is no such thing here' },
  'payload-too-large': { status: 413, title: 'The body is too large' },
  'idempotency-key-reused': { status: 422, title: 'The key was used for another payment' },
  'bank-failure': { status: 500, title: 'The bank could not process the call' },
  internal: { status: 500, title: 'The simulator itself failed' },
  'port-taken': { status: 503, title: 'The port of this bank is in use by another process' },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** Answers with RFC 9457 problem details and a stable code. */
export function sendProblem(response: Response, code: ProblemCode, errors?: unknown): void {
  const { status, title } = PROBLEMS[code];
  response
    .status(status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', title, status, code, errors }));
}

/** The places where a request does not fit its schema. */
export function sendInvalid(response: Response, error: z.ZodError): void {
  const errors = error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  sendProblem(response, 'validation-failed', errors);
}

export const answerNotFound: RequestHandler = (_request, response) => {
  sendProblem(response, 'not-found');
};

/** What the body parser or a handler threw. Its text stays in the log. */
export function createFaultHandler(log: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    const status = error instanceof Error && 'status' in error ? error.status : undefined;
    if (status === 413) return sendProblem(response, 'payload-too-large');
    if (typeof status === 'number' && status < 500)
      return sendProblem(response, 'validation-failed');
    log.error({ err: error }, 'a request failed');
    return sendProblem(response, 'internal');
  };
}
