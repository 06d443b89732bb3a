import { serve, type Bus, type RequestContract, type Served } from '@florin/messaging';
import { asFault } from './as-fault.ts';

type Handle = (request: unknown) => Promise<unknown>;

/** Answers every request of these contracts from now on, each by the case of its name. */
export function answerRequests<Name extends string>(
  bus: Bus,
  contracts: Record<Name, RequestContract>,
  cases: Record<Name, (request: never) => Promise<unknown>>,
): Pick<Served, 'stop'> {
  const served = Object.keys(contracts).map((name) => {
    // A case has the types of its contract, which are forgotten here; serve() validates the request
    // and the response with that contract anyway.
    const contract = contracts[name as Name];
    const handle = cases[name as Name] as Handle;
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
