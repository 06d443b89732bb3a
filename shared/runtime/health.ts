export interface HealthReport {
  readonly ok: boolean;
  /** What is wrong, by the name of the check that says so. */
  readonly problems: Readonly<Record<string, string>>;
}

/**
 * Says whether this process should get work. Liveness is only that it answers at all: killing a
 * process because its neighbour is away would repair nothing.
 */
export interface Health {
  /** Adds a condition of readiness. It is asked at every probe, so it must be cheap. */
  check(name: string, problem: () => string | undefined): void;
  live(): HealthReport;
  ready(): HealthReport;
  /** False while starting and stopping, whatever the checks say. */
  setReady(ready: boolean): void;
}

export function createHealth(): Health {
  const checks = new Map<string, () => string | undefined>();
  let serving = false;
  return {
    check: (name, problem) => void checks.set(name, problem),
    live: () => ({ ok: true, problems: {} }),
    ready() {
      const problems: Record<string, string> = serving ? {} : { service: 'starting or stopping' };
      for (const [name, problem] of checks) {
        const text = problem();
        if (text !== undefined) problems[name] = text;
      }
      return { ok: Object.keys(problems).length === 0, problems };
    },
    setReady: (ready) => void (serving = ready),
  };
}
