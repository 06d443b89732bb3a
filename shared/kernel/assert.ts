/** A broken invariant: our own mistake, never the caller's. It crashes the work at hand. */
export class InvariantError extends Error {
  override name = 'InvariantError';
}

/**
 * States what must hold if our own code is right. Input from outside is validated, not asserted.
 * @throws InvariantError when `condition` is false
 */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** Unwraps a value that our own code guarantees to exist. */
export function present<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new InvariantError(`${what} is missing`);
  return value;
}

/** Closes a `switch` over a union: the compiler rejects it while a case is missing. */
export function unreachable(value: never): never {
  throw new InvariantError(`unexpected case: ${String(value)}`);
}
