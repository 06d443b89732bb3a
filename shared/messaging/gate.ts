/** Makes whoever passes wait while it is closed. Passing an open gate creates nothing. */
export function createGate() {
  let closed: PromiseWithResolvers<void> | undefined;
  return {
    isClosed: (): boolean => closed !== undefined,
    close(): void {
      closed ??= Promise.withResolvers<void>();
    },
    open(): void {
      closed?.resolve();
      closed = undefined;
    },
    /** Resolves when it is open: now, not only for a moment since. */
    async opened(): Promise<void> {
      while (closed !== undefined) await closed.promise;
    },
  };
}
