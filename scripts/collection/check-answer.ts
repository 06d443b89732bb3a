/** What an answer is asked about: `res.status`, `res.headers.x`, `res.body.items[0].id`. */
export interface ReceivedAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: unknown;
}

/** The value at such a path; undefined when there is none. */
export function valueAt(answer: ReceivedAnswer, path: string): unknown {
  const steps = path.replaceAll(/\[(\d+)\]/g, '.$1').split('.');
  if (steps[0] !== 'res') throw new Error(`${path} is not of an answer`);
  let value: unknown = answer;
  for (const step of steps.slice(1)) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');

/** The operators of Bruno that our collection uses, by their names there. */
const OPERATORS: Record<string, (value: unknown, wanted: string) => boolean> = {
  eq: (value, wanted) => textOf(value) === wanted,
  in: (value, wanted) => wanted.slice(1, -1).split(', ').includes(textOf(value)),
  isDefined: (value) => value !== undefined,
  length: (value, wanted) => Array.isArray(value) && value.length === Number(wanted),
};

/**
 * What is wrong with an answer, or undefined when the assertion holds.
 * @throws for an operator that is not known here: an assertion that is not checked is none
 */
export function failureOf(
  answer: ReceivedAnswer,
  path: string,
  assertion: string,
): string | undefined {
  const [operator = '', ...rest] = assertion.split(' ');
  const wanted = rest.join(' ');
  const holds = OPERATORS[operator];
  if (holds === undefined) throw new Error(`the assertion ${operator} is not known here`);
  const value = valueAt(answer, path);
  return holds(value, wanted) ? undefined : `${path} is ${textOf(value)}, not ${assertion}`;
}
