import { IDENTITY_REQUESTS } from '@florin/contracts';
import { serve, type Bus, type RequestContract, type Served } from '@florin/messaging';
import type { UseCases } from '../use-cases.ts';
import { asFault } from './as-fault.ts';

type Handle = (request: unknown) => Promise<unknown>;

/** Answers every request of the contract from now on. */
export function answerRequests(bus: Bus, useCases: UseCases): Pick<Served, 'stop'> {
  const served = Object.entries(useCases).map(([name, useCase]) => {
    // UseCases pairs each name with the types of its contract, which `entries` forgets; serve()
    // validates the request and the response with that contract anyway.
    const contract: RequestContract = IDENTITY_REQUESTS[name as keyof UseCases];
    const handle = useCase as Handle;
    return serve(bus, contract, (request) =>
      handle(request).catch((error: unknown) => {
        throw asFault(error);
      }),
    );
  });
  return {
    async stop() {
      await Promise.all(served.map((one) => one.stop()));
    },
  };
}
