import { Router } from 'express';
import type { ApiProxy } from './api-proxy.ts';
import type { IsOperator } from './is-operator.ts';
import { sendProblem } from './problem.ts';

export interface BankControlDeps {
  /** The control API of the bank simulator; absent wherever banks are real. */
  bankControls: ApiProxy | undefined;
  isOperator: IsOperator;
}

/** The simulator asks nobody who they are, so that this does: operators only. */
export function bankControlRoutes({ bankControls, isOperator }: BankControlDeps): Router {
  const router = Router();
  router.use(async (request, response) => {
    if (bankControls === undefined) {
      return sendProblem(response, 'not-found', 'the banks of this installation are real');
    }
    if (!(await isOperator(request.headers.authorization))) {
      return sendProblem(response, 'forbidden', 'this is for operators');
    }
    delete request.headers.authorization;
    await bankControls(request, response);
  });
  return router;
}
