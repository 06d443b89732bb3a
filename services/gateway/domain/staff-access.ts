import type { Role } from '@florin/contracts';

export type StaffRole = Exclude<Role, 'user'>;

const EVERYBODY = ['support', 'risk-analyst', 'operator', 'admin', 'auditor'] as const;
const OPERATORS = ['operator', 'admin'] as const;
const RISK = ['risk-analyst', ...OPERATORS] as const;
const CARE = ['support', ...OPERATORS] as const;
const CARE_READERS = [...CARE, 'auditor'] as const;
const RISK_READERS = [...RISK, 'auditor'] as const;

/**
 * What the staff may do, by route: with the scope that a route declares this is all of
 * authorisation. Auditors look at everything and change nothing; only admins make others staff.
 * A route that is missing here is for operators and admins.
 */
export const STAFF_ACCESS: Readonly<Record<string, readonly StaffRole[]>> = {
  'GET /v1/admin/reconciliation': ['operator', 'admin', 'auditor'],
  'GET /v1/admin/fx/positions': ['operator', 'admin', 'auditor'],
  'GET /v1/admin/lanes': EVERYBODY,
  'GET /v1/admin/dead-letters': ['operator', 'admin', 'auditor'],
  'POST /v1/admin/dead-letters/:id/retry': OPERATORS,
  'POST /v1/admin/dead-letters/:id/discard': OPERATORS,
  'GET /v1/admin/audit': ['operator', 'admin', 'auditor'],
  // It changes nothing.
  'POST /v1/admin/audit/verify': ['operator', 'admin', 'auditor'],
  'GET /v1/admin/audit/proof/:id': ['operator', 'admin', 'auditor'],
  'POST /v1/admin/keys/signing/rotate': ['admin'],
  'GET /v1/admin/applications': ['operator', 'admin', 'auditor'],
  'POST /v1/admin/applications': ['admin'],
  'DELETE /v1/admin/applications/:id': ['admin'],
  'POST /v1/admin/keys/master/rewrap': ['admin'],
  'GET /v1/admin/reward-rules': ['operator', 'admin', 'auditor'],
  'GET /v1/admin/reward-rules/:id': ['operator', 'admin', 'auditor'],
  'GET /v1/admin/rewards': ['operator', 'admin', 'auditor'],
  'GET /v1/admin/reward-funds': ['operator', 'admin', 'auditor'],
  // Whoever makes a rule gives the platform’s money away.
  'POST /v1/admin/reward-rules': ['admin'],
  'PATCH /v1/admin/reward-rules/:id': ['admin'],
  'POST /v1/admin/reward-funds': ['admin'],
  'GET /v1/admin/users': EVERYBODY,
  'GET /v1/admin/users/:id': EVERYBODY,
  // Whoever makes others staff could make themselves anything.
  'PUT /v1/admin/users/:id/roles': ['admin'],
  'GET /v1/admin/breakers': EVERYBODY,
  'GET /v1/admin/kyc': CARE_READERS,
  'GET /v1/admin/kyc/:id': CARE_READERS,
  // What a document shows is seen by whoever decides about it.
  'GET /v1/admin/kyc/:id/file': CARE,
  'POST /v1/admin/kyc/:id/decision': CARE,
  'GET /v1/admin/wallets': EVERYBODY,
  'GET /v1/admin/transactions': EVERYBODY,
  'GET /v1/admin/flags': RISK_READERS,
  'PUT /v1/admin/flags/fraud-scoring': RISK,
  // Two of them: the ledger sees to it that nobody decides about what they proposed.
  'POST /v1/admin/adjustments': OPERATORS,
  'POST /v1/admin/adjustments/:id/approve': OPERATORS,
  'POST /v1/admin/adjustments/:id/reject': OPERATORS,
  'GET /v1/admin/adjustments': ['operator', 'admin', 'auditor'],
  // Two of them here, too.
  'POST /v1/admin/breaks/:id/propose': OPERATORS,
  'POST /v1/admin/breaks/:id/approve': OPERATORS,
  'POST /v1/admin/breaks/:id/reject': OPERATORS,
  'GET /v1/admin/breaks': ['operator', 'admin', 'auditor'],
  'GET /v1/admin/breaks/:id': ['operator', 'admin', 'auditor'],
  'GET /v1/admin/statements': ['operator', 'admin', 'auditor'],
  'GET /v1/admin/statements/:id': ['operator', 'admin', 'auditor'],
  'GET /v1/admin/statements/:id/entries': ['operator', 'admin', 'auditor'],
  'POST /v1/admin/statements': OPERATORS,
  'POST /v1/admin/statements/fetch': OPERATORS,
  // Credit that the platform gives.
  'PUT /v1/admin/wallets/:id/overdraft': OPERATORS,
  'GET /v1/admin/fees': ['support', 'operator', 'admin', 'auditor'],
  // What everybody pays.
  'PUT /v1/admin/fees': ['admin'],
  'GET /v1/admin/reviews': RISK_READERS,
  'POST /v1/admin/reviews/:id/approve': RISK,
  'POST /v1/admin/reviews/:id/decline': RISK,
  'GET /v1/admin/decisions': RISK_READERS,
  'GET /v1/admin/decisions/:id': RISK_READERS,
  'POST /v1/admin/transactions/:id/report': RISK,
  'GET /v1/admin/models': RISK_READERS,
  'POST /v1/transactions/:id/reverse': OPERATORS,
};

const staffOf = (route: string): readonly StaffRole[] => STAFF_ACCESS[route] ?? OPERATORS;

/** Who looks into wallets of other people, who freezes and closes them, who opens new ones. */
export const LOOKS_INTO_WALLETS: readonly StaffRole[] = EVERYBODY;
export const CHANGES_WALLETS: readonly StaffRole[] = RISK;
export const OPENS_WALLETS: readonly StaffRole[] = OPERATORS;
/** Who gives back what others have been paid, and takes back what banks take back. */
export const GIVES_BACK: readonly StaffRole[] = OPERATORS;

/** Whether one of these roles may call the route. */
export const maySupervise = (roles: ReadonlySet<Role>, route: string): boolean =>
  staffOf(route).some((role) => roles.has(role));
