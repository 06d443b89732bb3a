import type { Role } from '@florin/contracts';
import type { UserView } from '../api/answers.ts';

const EVERYBODY: readonly Role[] = ['support', 'risk-analyst', 'operator', 'admin', 'auditor'];
/** Who looks after people: their documents and their questions. */
const CARE: readonly Role[] = ['support', 'operator', 'admin'];
const RISK: readonly Role[] = ['risk-analyst', 'operator', 'admin'];

/**
 * What the staff find in the console, as the API allows it. It decides what is offered, never what
 * is allowed: that is the API's.
 */
const MAY = {
  supervise: EVERYBODY,
  'see-risk': [...RISK, 'auditor'],
  'decide-risk': RISK,
  'change-wallets': RISK,
  'see-documents': [...CARE, 'auditor'],
  'decide-documents': CARE,
  'see-books': ['operator', 'admin', 'auditor'],
  'control-banks': ['operator', 'admin'],
  'give-back': ['operator', 'admin'],
  'see-fees': ['support', 'operator', 'admin', 'auditor'],
  'change-fees': ['admin'],
  'change-rewards': ['admin'],
  'see-people': EVERYBODY,
  'change-roles': ['admin'],
  'change-applications': ['admin'],
} as const satisfies Record<string, readonly Role[]>;

export type Duty = keyof typeof MAY;

export const may = (user: UserView | undefined, duty: Duty): boolean =>
  MAY[duty].some((role) => user?.roles.includes(role));
