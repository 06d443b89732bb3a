import { bulkLine, type BulkLine, type BulkLineResult } from '@florin/contracts';
import { ok, refuse, type Result } from '@florin/kernel';

const DETAIL_MAX = 200;

/** Why a line of a file is no transfer, short enough to be kept beside it. */
export const invalidLine = (line: number, code: string, detail: string): BulkLineResult => ({
  line,
  status: 'invalid',
  code,
  detail: detail.slice(0, DETAIL_MAX),
});

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads one line of a file: a transfer, or what is wrong with it. */
export function readLine(text: string, line: number): Result<BulkLine, BulkLineResult> {
  const json = parseJson(text);
  if (json === undefined) {
    return refuse(invalidLine(line, 'validation-failed', 'is not valid JSON'));
  }
  const parsed = bulkLine.safeParse(json);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : `/${issue.path.join('/')}: `;
  const detail = `${where}${issue?.message ?? 'is not valid'}`;
  return refuse(invalidLine(line, 'validation-failed', detail));
}
