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

/**
 * Clients of this name are keys that people made for themselves: they act for their owners alone,
 * and for nobody when their session is over.
 */
export const API_KEY_PREFIX = 'key-';
export const apiKeyClientId = (id: string): string => `${API_KEY_PREFIX}${id}`;
export const isApiKey = (clientId: string): boolean => clientId.startsWith(API_KEY_PREFIX);

/** The names that machine clients may have. Everything else is unknown without a look. */
export const isClientId = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(text);
