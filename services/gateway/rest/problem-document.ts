import { PROBLEMS, type Problem } from '@florin/contracts';
import type { Refusal } from '../domain/refusal.ts';

/** Where the codes are explained: the list in the documentation page. */
export const problemType = (code: string): string => `/docs#${code}`;

/** A refusal as RFC 9457 wants it. */
export function problemDocument(refused: Refusal, traceId: string): Problem {
  const { status, title } = PROBLEMS[refused.refused];
  return {
    type: problemType(refused.refused),
    title,
    status,
    code: refused.refused,
    detail: refused.detail,
    traceId,
    ...refused.facts,
  };
}
