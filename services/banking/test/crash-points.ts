import type { StepDeps } from '../take-step.ts';

/** What the dead process would have thrown, could the dead throw. */
export class Crash extends Error {
  override name = 'Crash';
}

/** Counts, for each payment by itself, the moments before and after everything a step awaits. */
export interface CrashPoints {
  deps: StepDeps;
  /** How many such moments a payment has passed. */
  passed(transactionId: string): number;
  crashed(transactionId: string): boolean;
}

/**
 * Wraps what a step awaits so that the process "dies" for a payment at its n-th moment: either the
 * effect did not happen, or it happened and nobody heard of it. The dead stay dead.
 * @param crashAt the moment for a payment, Infinity for never
 */
export function withCrashPoints(
  deps: StepDeps,
  crashAt: (transactionId: string) => number,
): CrashPoints {
  const counts = new Map<string, number>();
  const passed = (id: string): number => counts.get(id) ?? 0;

  function pass(id: string): void {
    if (passed(id) + 1 >= crashAt(id)) throw new Crash(`at moment ${crashAt(id)}`);
    counts.set(id, passed(id) + 1);
  }

  function guard<A, R>(idOf: (argument: A) => string, effect: (argument: A) => Promise<R>) {
    return async (argument: A): Promise<R> => {
      pass(idOf(argument));
      const result = await effect(argument);
      pass(idOf(argument));
      return result;
    };
  }
  const idOfPayment = ({ transactionId }: { transactionId: string }): string => transactionId;

  const banks = [...deps.banks].map(([name, bank]) => {
    const guarded = {
      ask: guard(idOfPayment, bank.ask),
      checkStatus: guard(idOfPayment, bank.checkStatus),
      circuit: bank.circuit,
    };
    return [name, guarded] as const;
  });
  return {
    deps: {
      ...deps,
      store: { save: guard(({ payment }) => payment.transactionId, deps.store.save) },
      banks: new Map(banks),
      announce: guard(idOfPayment, deps.announce),
      confirm: guard(idOfPayment, deps.confirm),
    },
    passed,
    crashed: (id) => passed(id) + 1 >= crashAt(id),
  };
}
