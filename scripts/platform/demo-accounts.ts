import { SCOPES } from '@florin/contracts';

/** Who exists on a local run, besides whoever registers. Passwords are made per installation. */
export const DEMO_OPERATOR = {
  email: 'operator@florin.dev',
  name: 'Olga Operator',
  roles: ['user', 'operator', 'admin'],
};

export const DEMO_PEOPLE = [
  { email: 'ana@florin.dev', name: 'Ana Demo' },
  { email: 'ben@florin.dev', name: 'Ben Demo' },
];

export const DEMO_CLIENT = {
  clientId: 'florin-dev',
  name: 'Local development',
  scopes: SCOPES,
  plan: 'unlimited',
};

export const DEMO_EMAILS = [DEMO_OPERATOR, ...DEMO_PEOPLE].map(({ email }) => email);
