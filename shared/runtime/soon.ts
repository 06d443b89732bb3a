const SOON_MS = 500;

/**
 * What a question is answered with, if that is soon; else undefined, as when it fails. For metrics:
 * one figure that has to be asked for must not keep all others from being read while a database is
 * away, which is when people look at them.
 */
export async function soon<T>(answer: Promise<T>, withinMs = SOON_MS): Promise<T | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), withinMs);
  try {
    return await Promise.race([answer.catch(() => undefined), late]);
  } finally {
    clearTimeout(timer);
  }
}
