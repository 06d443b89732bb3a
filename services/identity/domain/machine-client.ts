import type { Scope } from '@florin/contracts';

/** How much a machine may ask for: `standard` is limited as people are, `unlimited` is not. */
export const PLANS = ['standard', 'unlimited'] as const;
export type Plan = (typeof PLANS)[number];

export interface MachineClient {
  id: string;
  clientId: string;
  scopes: Scope[];
  plan: Plan;
}

/** The names that machine clients may have. Everything else is unknown without a look. */
export const isClientId = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(text);
