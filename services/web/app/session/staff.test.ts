import { ROLES, type Role } from '@florin/contracts';
import { expect, test } from 'vitest';
import { may, type Duty } from './staff.ts';

const withRole = (role: Role) => ({
  id: 'u',
  email: 'u@florin.dev',
  name: 'U',
  roles: [role],
  kycLevel: 0,
  emailVerified: true,
  twoFactor: false,
});

test.each([
  ['supervise', ['support', 'risk-analyst', 'operator', 'admin', 'auditor']],
  ['see-risk', ['risk-analyst', 'operator', 'admin', 'auditor']],
  ['decide-risk', ['risk-analyst', 'operator', 'admin']],
  ['change-wallets', ['risk-analyst', 'operator', 'admin']],
  ['see-documents', ['support', 'operator', 'admin', 'auditor']],
  ['decide-documents', ['support', 'operator', 'admin']],
  ['see-books', ['operator', 'admin', 'auditor']],
  ['control-banks', ['operator', 'admin']],
  ['give-back', ['operator', 'admin']],
  ['see-fees', ['support', 'operator', 'admin', 'auditor']],
  ['change-fees', ['admin']],
  ['change-rewards', ['admin']],
  ['see-people', ['support', 'risk-analyst', 'operator', 'admin', 'auditor']],
  ['change-roles', ['admin']],
  ['change-applications', ['admin']],
] as [Duty, Role[]][])('nobody is offered to %s but %j', (duty, roles) => {
  expect(ROLES.filter((role) => may(withRole(role), duty))).toEqual(roles);
  expect(may(undefined, duty)).toBe(false);
});
