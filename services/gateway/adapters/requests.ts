import { request, type Bus, type RequestContract, type RequestOptions } from '@florin/messaging';
import type { z } from 'zod';

type Contracts = Record<string, RequestContract>;

/** A neighbour as functions: one for each question of its contract. */
export type Neighbour<C extends Contracts> = {
  [Name in keyof C]: (
    question: z.input<C[Name]['request']>,
    options?: RequestOptions,
  ) => Promise<z.output<C[Name]['response']>>;
};

/** Both faults and answers are those of `request` in messaging. */
export function createNeighbour<C extends Contracts>(bus: Bus, contracts: C): Neighbour<C> {
  const entries = Object.entries(contracts).map(([name, contract]) => [
    name,
    (question: unknown, options?: RequestOptions) => request(bus, contract, question, options),
  ]);
  return Object.fromEntries(entries) as Neighbour<C>;
}
