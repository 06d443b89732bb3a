/** What people let others do for them: applications of third parties, and programs of their own. */
export const LENT_SCOPES = [
  'wallets:read',
  'wallets:write',
  'transactions:read',
  'transactions:write',
  'webhooks',
] as const;
export type LentScope = (typeof LENT_SCOPES)[number];
