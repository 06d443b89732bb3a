import { createRequire } from 'node:module';

/** Not a dependency, because it downloads a library while it is installed: the operator adds it. */
const PACKAGE = '@tensorflow/tfjs-node';

/**
 * Registers the native backend, and tells whether this machine has one. Whatever is wrong with it
 * (the package or its library is absent, or built for another machine), there is another backend.
 */
export async function loadNativeBackend(): Promise<boolean> {
  restoreIsNullOrUndefined();
  try {
    await import(PACKAGE);
    return true;
  } catch {
    return false;
  }
}

/** The native backend calls this function of Node, which Node 23 dropped. */
export function restoreIsNullOrUndefined(): void {
  const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] ??= (value: unknown): boolean => value === null || value === undefined;
}
