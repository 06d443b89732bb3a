/**
 * What the API takes and answers, by method and path: made by `npm run gen` from the description
 * of the API.
 */

export type Transaction = {
  readonly id: string;
  readonly type:
    | 'deposit'
    | 'withdrawal'
    | 'transfer'
    | 'hold'
    | 'capture'
    | 'release'
    | 'reversal'
    | 'adjustment'
    | 'conversion'
    | 'reward';
  readonly status: 'pending' | 'held' | 'completed' | 'failed' | 'reversed';
  readonly walletId: string;
  readonly counterpartyWalletId?: string;
  readonly amount: string;
  readonly currency: string;
  readonly failure?: {
    readonly code:
      | 'not-found'
      | 'insufficient-funds'
      | 'wallet-frozen'
      | 'wallet-closed'
      | 'currency-mismatch'
      | 'same-wallet'
      | 'limit-exceeded'
      | 'amount-below-fee'
      | 'risk-blocked'
      | 'bank-declined'
      | 'bank-unavailable'
      | 'hold-expired'
      | 'hold-already-settled'
      | 'quote-expired'
      | 'quote-used'
      | 'owner-mismatch'
      | 'between-shards';
    readonly detail?: string;
  };
  readonly balances?: {
    readonly posted: string;
    readonly held: string;
    readonly available: string;
  };
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly relatedTransactionId?: string;
  readonly remaining?: string;
  readonly reversedAmount?: string;
  readonly relatedTransactionIds?: readonly string[];
  readonly hold?: {
    readonly capturedAmount: string;
    readonly releasedAmount: string;
    readonly expiresAt: string;
  };
  readonly conversion?: {
    readonly quoteId: string;
    readonly toCurrency: string;
    readonly toAmount: string;
    readonly rate: string;
  };
  readonly direction?: 'credit' | 'debit';
  readonly fee?: {
    readonly amount: string;
    readonly paidBy: 'sender' | 'recipient';
    readonly scheduleVersion: number;
  };
  readonly splitId?: string;
  readonly risk?: TransactionRisk;
  readonly review?: Review;
  readonly createdAt: string;
  readonly completedAt?: string;
};

export type DryRun = {
  readonly type:
    | 'deposit'
    | 'withdrawal'
    | 'transfer'
    | 'hold'
    | 'capture'
    | 'release'
    | 'reversal'
    | 'adjustment'
    | 'conversion'
    | 'reward';
  readonly status: 'pending' | 'held' | 'completed' | 'failed' | 'reversed';
  readonly walletId: string;
  readonly counterpartyWalletId?: string;
  readonly amount: string;
  readonly currency: string;
  readonly failure?: {
    readonly code:
      | 'not-found'
      | 'insufficient-funds'
      | 'wallet-frozen'
      | 'wallet-closed'
      | 'currency-mismatch'
      | 'same-wallet'
      | 'limit-exceeded'
      | 'amount-below-fee'
      | 'risk-blocked'
      | 'bank-declined'
      | 'bank-unavailable'
      | 'hold-expired'
      | 'hold-already-settled'
      | 'quote-expired'
      | 'quote-used'
      | 'owner-mismatch'
      | 'between-shards';
    readonly detail?: string;
  };
  readonly balances?: {
    readonly posted: string;
    readonly held: string;
    readonly available: string;
  };
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly relatedTransactionId?: string;
  readonly remaining?: string;
  readonly reversedAmount?: string;
  readonly relatedTransactionIds?: readonly string[];
  readonly hold?: {
    readonly capturedAmount: string;
    readonly releasedAmount: string;
    readonly expiresAt: string;
  };
  readonly conversion?: {
    readonly quoteId: string;
    readonly toCurrency: string;
    readonly toAmount: string;
    readonly rate: string;
  };
  readonly direction?: 'credit' | 'debit';
  readonly fee?: {
    readonly amount: string;
    readonly paidBy: 'sender' | 'recipient';
    readonly scheduleVersion: number;
  };
  readonly splitId?: string;
  readonly risk?: TransactionRisk;
  readonly review?: Review;
  readonly createdAt: string;
  readonly completedAt?: string;
  readonly dryRun: true;
};

export type TransactionPreview = {
  readonly id?: string;
  readonly type:
    | 'deposit'
    | 'withdrawal'
    | 'transfer'
    | 'hold'
    | 'capture'
    | 'release'
    | 'reversal'
    | 'adjustment'
    | 'conversion'
    | 'reward';
  readonly status: 'pending' | 'held' | 'completed' | 'failed' | 'reversed';
  readonly walletId: string;
  readonly counterpartyWalletId?: string;
  readonly amount: string;
  readonly currency: string;
  readonly failure?: {
    readonly code:
      | 'not-found'
      | 'insufficient-funds'
      | 'wallet-frozen'
      | 'wallet-closed'
      | 'currency-mismatch'
      | 'same-wallet'
      | 'limit-exceeded'
      | 'amount-below-fee'
      | 'risk-blocked'
      | 'bank-declined'
      | 'bank-unavailable'
      | 'hold-expired'
      | 'hold-already-settled'
      | 'quote-expired'
      | 'quote-used'
      | 'owner-mismatch'
      | 'between-shards';
    readonly detail?: string;
  };
  readonly balances?: {
    readonly posted: string;
    readonly held: string;
    readonly available: string;
  };
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly relatedTransactionId?: string;
  readonly remaining?: string;
  readonly reversedAmount?: string;
  readonly relatedTransactionIds?: readonly string[];
  readonly hold?: {
    readonly capturedAmount: string;
    readonly releasedAmount: string;
    readonly expiresAt: string;
  };
  readonly conversion?: {
    readonly quoteId: string;
    readonly toCurrency: string;
    readonly toAmount: string;
    readonly rate: string;
  };
  readonly direction?: 'credit' | 'debit';
  readonly fee?: {
    readonly amount: string;
    readonly paidBy: 'sender' | 'recipient';
    readonly scheduleVersion: number;
  };
  readonly splitId?: string;
  readonly risk?: TransactionRisk;
  readonly review?: Review;
  readonly createdAt: string;
  readonly completedAt?: string;
};

export type Risk = {
  readonly score: number | null;
  readonly decision: 'approve' | 'review' | 'block';
  readonly reasons: readonly {
    readonly code: string;
    readonly text: string;
    readonly share: number;
    readonly value?: number;
    readonly usual?: number;
    readonly unit?: string;
  }[];
  readonly modelVersion: string;
  readonly featureVersion?: string;
  readonly mode: 'enforce' | 'shadow';
  readonly degraded: boolean;
};

export type TransactionRisk = {
  readonly score?: number | null;
  readonly decision: 'approve' | 'review' | 'block';
  readonly reasons?: readonly {
    readonly code: string;
    readonly text: string;
    readonly share: number;
    readonly value?: number;
    readonly usual?: number;
    readonly unit?: string;
  }[];
  readonly modelVersion?: string;
  readonly featureVersion?: string;
  readonly mode: 'enforce' | 'shadow';
  readonly degraded: boolean;
};

export type Review = {
  readonly status: 'open' | 'approved' | 'declined' | 'expired';
  readonly expiresAt: string;
  readonly openedAt?: string;
  readonly decidedAt?: string;
  readonly decidedBy?: string;
  readonly note?: string;
};

export type Wallet = {
  readonly id: string;
  readonly ownerId: string;
  readonly name: string;
  readonly purpose?: string;
  readonly currency: string;
  readonly status: 'active' | 'frozen' | 'closed';
  readonly balances: { readonly posted: string; readonly held: string; readonly available: string };
  readonly overdraftLimit?: string;
  readonly version: number;
  readonly createdAt: string;
};

export type Entry = {
  readonly sequence: number;
  readonly transactionId: string;
  readonly direction: 'debit' | 'credit';
  readonly amount: string;
  readonly currency?: string;
  readonly balanceAfter: string;
  readonly createdAt: string;
  readonly id: string;
};

export type Split = {
  readonly id?: string;
  readonly dryRun?: true;
  readonly status: 'completed' | 'failed';
  readonly walletId: string;
  readonly amount: string;
  readonly currency: string;
  readonly recipients: readonly TransactionPreview[];
};

export type Adjustment = {
  readonly id: string;
  readonly status: 'open' | 'approved' | 'rejected' | 'expired';
  readonly walletId: string;
  readonly direction: 'credit' | 'debit';
  readonly amount: string;
  readonly currency: string;
  readonly reason: string;
  readonly proposedBy: string;
  readonly proposedAt: string;
  readonly expiresAt: string;
  readonly decidedBy?: string;
  readonly decidedAt?: string;
  readonly note?: string;
};

export type DecidedAdjustment = {
  readonly id: string;
  readonly status: 'open' | 'approved' | 'rejected' | 'expired';
  readonly walletId: string;
  readonly direction: 'credit' | 'debit';
  readonly amount: string;
  readonly currency: string;
  readonly reason: string;
  readonly proposedBy: string;
  readonly proposedAt: string;
  readonly expiresAt: string;
  readonly decidedBy?: string;
  readonly decidedAt?: string;
  readonly note?: string;
  readonly dryRun?: true;
  readonly transaction?: TransactionPreview;
};

export type FeeRule = {
  readonly type: 'transfer' | 'deposit' | 'withdrawal' | 'capture' | 'conversion';
  readonly currency: string;
  readonly paidBy: 'sender' | 'recipient';
  readonly tiers: readonly {
    readonly from: string;
    readonly flat: string;
    readonly basisPoints: number;
  }[];
  readonly min?: string;
  readonly max?: string;
};

export type FeeSchedule = {
  readonly version: number;
  readonly rules: readonly FeeRule[];
  readonly changedAt?: string;
};

export type FeeScheduleVersion = {
  readonly version: number;
  readonly rules: readonly FeeRule[];
  readonly changedAt: string;
  readonly changedBy: string;
  readonly note?: string;
};

export type ScheduledTransfer = {
  readonly id: string;
  readonly fromWalletId: string;
  readonly toWalletId: string;
  readonly amount: string;
  readonly currency: string;
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly schedule: {
    readonly frequency: 'once' | 'daily' | 'weekly' | 'monthly';
    readonly interval: number;
    readonly startAt: string;
    readonly timeZone: string;
    readonly endDate?: string;
    readonly count?: number;
  };
  readonly onRefusal: { readonly retries: number; readonly everySeconds: number };
  readonly onMissed: 'all' | 'latest' | 'none';
  readonly status: 'active' | 'paused' | 'finished' | 'cancelled';
  readonly nextAt?: string;
  readonly nextOccurrence?: number;
  readonly createdAt: string;
};

export type ScheduledOccurrence = {
  readonly number: number;
  readonly plannedFor: string;
  readonly status: 'due' | 'submitted' | 'held' | 'completed' | 'refused' | 'missed' | 'cancelled';
  readonly transactionId?: string;
  readonly nextTryAt?: string;
  readonly failures: readonly {
    readonly attempt: number;
    readonly transactionId: string;
    readonly code: string;
    readonly detail?: string;
    readonly at: string;
  }[];
};

export type PaymentRequest = {
  readonly id: string;
  readonly toWalletId: string;
  readonly amount: string;
  readonly currency: string;
  readonly description?: string;
  readonly status: 'open' | 'processing' | 'accepted' | 'declined' | 'cancelled' | 'expired';
  readonly transactionId?: string;
  readonly lastFailure?: { readonly transactionId: string; readonly code: string };
  readonly expiresAt: string;
  readonly createdAt: string;
  readonly direction: 'incoming' | 'outgoing';
  readonly fromEmail?: string;
  readonly requesterName?: string;
};

export type BulkFile = {
  readonly id: string;
  readonly status: 'uploading' | 'running' | 'paused' | 'completed' | 'cancelled';
  readonly bytes: number;
  readonly lines: number;
  readonly done: number;
  readonly counts: {
    readonly completed: number;
    readonly held: number;
    readonly failed: number;
    readonly invalid: number;
  };
  readonly createdAt: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
};

export type RewardRule = {
  readonly id: string;
  readonly name: string;
  readonly currency: string;
  readonly terms:
    | {
        readonly kind: 'cashback';
        readonly basisPoints: number;
        readonly rewardMax?: string;
        readonly paymentMin?: string;
        readonly payeeWalletIds?: readonly string[];
      }
    | { readonly kind: 'first-deposit'; readonly reward: string; readonly depositMin?: string }
    | {
        readonly kind: 'referral';
        readonly reward: string;
        readonly depositMin?: string;
        readonly beneficiary: 'referrer' | 'referred';
      }
    | {
        readonly kind: 'streak';
        readonly reward: string;
        readonly paymentMin?: string;
        readonly pointsPerDay: number;
        readonly pointsPerDayMax: number;
        readonly pointsPerReward: number;
      };
  readonly status: 'active' | 'paused';
  readonly validFrom: string;
  readonly validUntil: string;
  readonly budget: string;
  readonly committed: string;
  readonly perPersonMax?: string;
  readonly createdBy: string;
  readonly createdAt: string;
};

export type Reward = {
  readonly id: string;
  readonly ruleId: string;
  readonly ruleName: string;
  readonly kind: 'cashback' | 'first-deposit' | 'referral' | 'streak';
  readonly userId: string;
  readonly status: 'pending' | 'paid' | 'taken-back' | 'failed' | 'declined';
  readonly reason?: string;
  readonly amount: string;
  readonly currency: string;
  readonly takenBackAmount?: string;
  readonly walletId?: string;
  readonly rewardedTransactionId: string;
  readonly createdAt: string;
};

export type BalanceMonitor = {
  readonly id: string;
  readonly walletId: string;
  readonly direction: 'below' | 'above';
  readonly threshold: string;
  readonly createdAt: string;
  readonly lastCrossedAt?: string;
};

export type Webhook = {
  readonly id: string;
  readonly url: string;
  readonly description?: string;
  readonly eventTypes: readonly (
    | 'transaction-pending'
    | 'transaction-held'
    | 'transaction-completed'
    | 'transaction-failed'
    | 'transaction-reversed'
    | 'wallet-opened'
    | 'wallet-status-changed'
    | 'wallet-overdraft-changed'
    | 'payment-request-received'
    | 'payment-request-accepted'
    | 'payment-request-declined'
    | 'payment-request-cancelled'
    | 'payment-request-expired'
    | 'scheduled-transfer-failed'
    | 'bulk-file-finished'
    | 'balance-crossed'
  )[];
  readonly status: 'active' | 'disabled';
  readonly disabledReason?: string;
  readonly createdAt: string;
};

export type WebhookWithSecret = {
  readonly id: string;
  readonly url: string;
  readonly description?: string;
  readonly eventTypes: readonly (
    | 'transaction-pending'
    | 'transaction-held'
    | 'transaction-completed'
    | 'transaction-failed'
    | 'transaction-reversed'
    | 'wallet-opened'
    | 'wallet-status-changed'
    | 'wallet-overdraft-changed'
    | 'payment-request-received'
    | 'payment-request-accepted'
    | 'payment-request-declined'
    | 'payment-request-cancelled'
    | 'payment-request-expired'
    | 'scheduled-transfer-failed'
    | 'bulk-file-finished'
    | 'balance-crossed'
  )[];
  readonly status: 'active' | 'disabled';
  readonly disabledReason?: string;
  readonly createdAt: string;
  readonly secret: string;
};

export type WebhookDelivery = {
  readonly id: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly state: 'pending' | 'delivered' | 'failed';
  readonly attempts: readonly {
    readonly attempt: number;
    readonly at: string;
    readonly durationMs: number;
    readonly status?: number;
    readonly problem?: string;
  }[];
  readonly nextAttemptAt?: string;
  readonly createdAt: string;
};

export type Preferences = {
  readonly muted: readonly (
    | 'money-received'
    | 'payment-sent'
    | 'payment-failed'
    | 'payment-under-review'
    | 'deposit-completed'
    | 'withdrawal-completed'
    | 'wallet-status-changed'
    | 'reward-paid'
    | 'reward-taken-back'
    | 'balance-below'
    | 'balance-above'
    | 'payment-request-received'
    | 'payment-request-accepted'
    | 'payment-request-declined'
    | 'payment-request-cancelled'
    | 'payment-request-expired'
    | 'scheduled-transfer-failed'
    | 'bulk-file-finished'
  )[];
  readonly mutedLetters: readonly (
    | 'money-received'
    | 'payment-sent'
    | 'payment-failed'
    | 'payment-under-review'
    | 'deposit-completed'
    | 'withdrawal-completed'
    | 'wallet-status-changed'
    | 'reward-paid'
    | 'reward-taken-back'
    | 'balance-below'
    | 'balance-above'
    | 'payment-request-received'
    | 'payment-request-accepted'
    | 'payment-request-declined'
    | 'payment-request-cancelled'
    | 'payment-request-expired'
    | 'scheduled-transfer-failed'
    | 'bulk-file-finished'
  )[];
  readonly locale: 'en' | 'de';
  readonly alwaysSent: readonly (
    | 'verify-email'
    | 'already-registered'
    | 'change-email'
    | 'email-changed'
    | 'reset-password'
    | 'password-changed'
    | 'two-factor-changed'
    | 'new-device'
    | 'erasure-scheduled'
    | 'export-ready'
  )[];
};

export type Letter = {
  readonly id: string;
  readonly kind:
    | 'verify-email'
    | 'already-registered'
    | 'change-email'
    | 'email-changed'
    | 'reset-password'
    | 'password-changed'
    | 'two-factor-changed'
    | 'new-device'
    | 'erasure-scheduled'
    | 'export-ready';
  readonly to: string;
  readonly subject: string;
  readonly text: string | null;
  readonly translations?: { readonly de: { readonly subject: string; readonly text: string } };
  readonly createdAt: string;
};

export type User = {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly roles: readonly (
    'user' | 'support' | 'risk-analyst' | 'operator' | 'admin' | 'auditor'
  )[];
  readonly kycLevel: number;
  readonly emailVerified: boolean;
  readonly twoFactor: boolean;
};

export type StaffUser = {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly roles: readonly (
    'user' | 'support' | 'risk-analyst' | 'operator' | 'admin' | 'auditor'
  )[];
  readonly kycLevel: number;
  readonly emailVerified: boolean;
  readonly twoFactor: boolean;
  readonly createdAt: string;
};

export type LinkedAccount = {
  readonly id: string;
  readonly bank: string;
  readonly bankAccount: string;
  readonly institution: string;
  readonly name: string;
  readonly mask: string;
  readonly createdAt: string;
};

export type BankStatement = {
  readonly id: string;
  readonly bank: string;
  readonly currency: string;
  readonly day: string;
  readonly from: string;
  readonly to: string;
  readonly complete: boolean;
  readonly openingBalance: string;
  readonly closingBalance: string;
  readonly entries: number;
  readonly source: 'fetched' | 'uploaded';
  readonly importedBy?: string;
  readonly importedAt: string;
};

export type ImportedStatement = {
  readonly id: string;
  readonly bank: string;
  readonly currency: string;
  readonly day: string;
  readonly from: string;
  readonly to: string;
  readonly complete: boolean;
  readonly openingBalance: string;
  readonly closingBalance: string;
  readonly entries: number;
  readonly source: 'fetched' | 'uploaded';
  readonly importedBy?: string;
  readonly importedAt: string;
  readonly replayed: boolean;
};

export type StatementBreak = {
  readonly id: string;
  readonly bank: string;
  readonly currency: string;
  readonly kind: 'missing-here' | 'missing-there' | 'different-amount' | 'duplicate';
  readonly status: 'open' | 'proposed' | 'rejected' | 'resolved';
  readonly reference?: string;
  readonly endToEndId?: string;
  readonly transactionId?: string;
  readonly bankAmount?: string;
  readonly bookAmount?: string;
  readonly difference: string;
  readonly bookedAt: string;
  readonly foundAt: string;
  readonly action?: 'correct' | 'explain';
  readonly note?: string;
  readonly proposedBy?: string;
  readonly proposedAt?: string;
  readonly correction?: {
    readonly adjustmentId: string;
    readonly direction: 'credit' | 'debit';
    readonly amount: string;
    readonly expiresAt: string;
  };
  readonly decidedBy?: string;
  readonly decidedAt?: string;
  readonly decisionNote?: string;
  readonly resolution?: 'corrected' | 'explained' | 'matched';
  readonly resolvedAt?: string;
};

export type DecidedBreak = {
  readonly id: string;
  readonly bank: string;
  readonly currency: string;
  readonly kind: 'missing-here' | 'missing-there' | 'different-amount' | 'duplicate';
  readonly status: 'open' | 'proposed' | 'rejected' | 'resolved';
  readonly reference?: string;
  readonly endToEndId?: string;
  readonly transactionId?: string;
  readonly bankAmount?: string;
  readonly bookAmount?: string;
  readonly difference: string;
  readonly bookedAt: string;
  readonly foundAt: string;
  readonly action?: 'correct' | 'explain';
  readonly note?: string;
  readonly proposedBy?: string;
  readonly proposedAt?: string;
  readonly correction?: {
    readonly adjustmentId: string;
    readonly direction: 'credit' | 'debit';
    readonly amount: string;
    readonly expiresAt: string;
  };
  readonly decidedBy?: string;
  readonly decidedAt?: string;
  readonly decisionNote?: string;
  readonly resolution?: 'corrected' | 'explained' | 'matched';
  readonly resolvedAt?: string;
  readonly transactionPosted?: string;
};

export type DeadLetter = {
  readonly id: string;
  readonly reader: string;
  readonly at: string;
  readonly place: string;
  readonly reason: string;
  readonly retryable: boolean;
  readonly removable: boolean;
};

export type TokenPair = {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly tokenType: 'Bearer';
  readonly expiresIn: number;
};

export type KycDocument = {
  readonly id: string;
  readonly userId: string;
  readonly kind: string;
  readonly mediaType: 'image/png' | 'image/jpeg' | 'application/pdf';
  readonly bytes: number;
  readonly status: 'pending' | 'approved' | 'rejected' | 'expired';
  readonly reason?: string;
  readonly createdAt: string;
  readonly decidedAt?: string;
  readonly decidedBy?: string;
  readonly validUntil?: string;
};

export type RiskDecision = {
  readonly transactionId: string;
  readonly walletId: string;
  readonly decidedAt: string;
  readonly risk: Risk;
  readonly logit: number;
  readonly features: Readonly<Record<string, number>>;
  readonly featureVersion: string;
  readonly reconstructed?: boolean;
  readonly position: number;
  readonly challengers: readonly {
    readonly modelVersion: string;
    readonly score: number;
    readonly decision: 'approve' | 'review' | 'block';
  }[];
  readonly label?: {
    readonly label: 'fraud' | 'legitimate';
    readonly source: 'chargeback' | 'report' | 'review';
    readonly reportedBy: string;
  };
};

export type AuditRecord = {
  readonly chain: string;
  readonly place: number;
  readonly type: string;
  readonly actor?: string;
  readonly transactionId?: string;
  readonly at: string;
  readonly event: unknown;
  readonly hash: string;
};

export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly traceId: string;
  readonly errors?: readonly {
    readonly pointer?: string;
    readonly parameter?: string;
    readonly detail: string;
  }[];
  readonly available?: string;
  readonly remaining?: string;
  readonly items?: readonly { readonly status: number }[];
  readonly transaction?: Transaction;
};

export interface Operations {
  /** Send money to another wallet */
  'POST /v1/transfers': {
    path: {};
    query: { dryRun?: 'true' | 'false' };
    body: {
      readonly fromWalletId: string;
      readonly toWalletId?: string;
      readonly toEmail?: string;
      readonly amount: string | number;
      readonly description?: string;
      readonly metadata?: Readonly<Record<string, string>>;
    };
    answer: Transaction;
    tried: DryRun;
    keyed: true;
  };
  /** Bring money from a bank account into a wallet */
  'POST /v1/deposits': {
    path: {};
    query: { dryRun?: 'true' | 'false' };
    body: {
      readonly walletId: string;
      readonly bankAccount: string;
      readonly amount: string | number;
      readonly description?: string;
      readonly metadata?: Readonly<Record<string, string>>;
    };
    answer: Transaction;
    tried: DryRun;
    keyed: true;
  };
  /** Pay money out to a bank account */
  'POST /v1/withdrawals': {
    path: {};
    query: { dryRun?: 'true' | 'false' };
    body: {
      readonly walletId: string;
      readonly bankAccount: string;
      readonly amount: string | number;
      readonly description?: string;
      readonly metadata?: Readonly<Record<string, string>>;
    };
    answer: Transaction;
    tried: DryRun;
    keyed: true;
  };
  /** Up to 1000 transfers in one request */
  'POST /v1/transactions/bulk': {
    path: {};
    query: { dryRun?: 'true' | 'false' };
    body: {
      readonly mode: 'atomic' | 'continueOnFailure';
      readonly items: readonly {
        readonly type: 'transfer';
        readonly fromWalletId: string;
        readonly toWalletId: string;
        readonly amount: string | number;
        readonly description?: string;
        readonly metadata?: Readonly<Record<string, string>>;
      }[];
    };
    answer: undefined;
    tried: {
      readonly dryRun?: true;
      readonly items: readonly {
        readonly status: number;
        readonly transaction?: Transaction;
        readonly problem?: Problem;
      }[];
    };
    keyed: true;
  };
  /** Pay up to 100 recipients at once, all of them or none */
  'POST /v1/splits': {
    path: {};
    query: { dryRun?: 'true' | 'false' };
    body: {
      readonly fromWalletId: string;
      readonly amount: string | number;
      readonly recipients: readonly {
        readonly toWalletId?: string;
        readonly toEmail?: string;
        readonly amount: string | number;
        readonly description?: string;
      }[];
      readonly description?: string;
      readonly metadata?: Readonly<Record<string, string>>;
    };
    answer: Split;
    tried: Split;
    keyed: true;
  };
  /** A payment to several, as its payer sees it */
  'GET /v1/splits/{id}': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: Split;
  };
  /** Let a wallet go below zero, so far */
  'PUT /v1/admin/wallets/{id}/overdraft': {
    path: { id: string };
    query: {};
    body: { readonly limit: string; readonly reason: string };
    answer: Wallet;
  };
  /** Propose to correct a wallet’s balance */
  'POST /v1/admin/adjustments': {
    path: {};
    query: {};
    body: {
      readonly walletId: string;
      readonly direction: 'credit' | 'debit';
      readonly amount: string | number;
      readonly reason: string;
      readonly expiresInSeconds?: number;
    };
    answer: Adjustment;
    keyed: true;
  };
  /** Adjustments that were proposed, the newest first */
  'GET /v1/admin/adjustments': {
    path: {};
    query: {
      status?: 'open' | 'approved' | 'rejected' | 'expired' | 'any';
      walletId?: string;
      limit?: string;
      cursor?: string;
    };
    body: undefined;
    answer: { readonly items: readonly Adjustment[]; readonly nextCursor: string | null };
  };
  /** Carry an adjustment out that a colleague has proposed */
  'POST /v1/admin/adjustments/{id}/approve': {
    path: { id: string };
    query: { dryRun?: 'true' | 'false' };
    body: { readonly note?: string };
    answer: undefined;
    tried: DecidedAdjustment;
  };
  /** Turn an adjustment down that a colleague has proposed */
  'POST /v1/admin/adjustments/{id}/reject': {
    path: { id: string };
    query: { dryRun?: 'true' | 'false' };
    body: { readonly note?: string };
    answer: undefined;
    tried: DecidedAdjustment;
  };
  /** Reserve money on a wallet for somebody */
  'POST /v1/holds': {
    path: {};
    query: { dryRun?: 'true' | 'false' };
    body: {
      readonly walletId: string;
      readonly toWalletId: string;
      readonly expiresInSeconds?: number;
      readonly amount: string | number;
      readonly description?: string;
      readonly metadata?: Readonly<Record<string, string>>;
    };
    answer: Transaction;
    tried: DryRun;
    keyed: true;
  };
  /** Pay what is held, in part or all that is left of it */
  'POST /v1/holds/{id}/capture': {
    path: { id: string };
    query: { dryRun?: 'true' | 'false' };
    body: { readonly amount?: string | number; readonly final?: boolean };
    answer: Transaction;
    tried: DryRun;
    keyed: true;
  };
  /** Give up what is still held */
  'POST /v1/holds/{id}/release': {
    path: { id: string };
    query: { dryRun?: 'true' | 'false' };
    body: {};
    answer: Transaction;
    tried: DryRun;
    keyed: true;
  };
  /** Give a payment back, in part or all that is left of it */
  'POST /v1/transactions/{id}/reverse': {
    path: { id: string };
    query: { dryRun?: 'true' | 'false' };
    body: { readonly amount?: string | number; readonly reason?: string };
    answer: Transaction;
    tried: DryRun;
    keyed: true;
  };
  /** Convert what a quote was made for, at its rate */
  'POST /v1/conversions': {
    path: {};
    query: { dryRun?: 'true' | 'false' };
    body: {
      readonly quoteId: string;
      readonly fromWalletId: string;
      readonly toWalletId: string;
      readonly description?: string;
      readonly metadata?: Readonly<Record<string, string>>;
    };
    answer: Transaction;
    tried: DryRun;
    keyed: true;
  };
  /** Lock a rate for some seconds */
  'POST /v1/quotes': {
    path: {};
    query: {};
    body: {
      readonly fromCurrency: string;
      readonly toCurrency: string;
      readonly fromAmount: string | number;
      readonly expiresInSeconds?: number;
    };
    answer: {
      readonly id: string;
      readonly fromCurrency: string;
      readonly fromAmount: string;
      readonly toCurrency: string;
      readonly toAmount: string;
      readonly rate: string;
      readonly midRate: string;
      readonly expiresAt: string;
    };
  };
  /** Exchange rates as they are now */
  'GET /v1/rates': {
    path: {};
    query: { from?: string; to?: string };
    body: undefined;
    answer: {
      readonly publishedAt: string;
      readonly staleAt: string;
      readonly items: readonly {
        readonly fromCurrency: string;
        readonly toCurrency: string;
        readonly midRate: string;
        readonly rate: string;
        readonly spreadBasisPoints: number;
      }[];
      readonly nextCursor: null;
    };
  };
  /** What wallets can be opened in, and how amounts of it are written */
  'GET /v1/currencies': {
    path: {};
    query: {};
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly code: string;
        readonly decimals: number;
        readonly name: string;
        readonly kind: 'iso-4217' | 'crypto' | 'custom';
      }[];
      readonly nextCursor: null;
    };
  };
  /** A wallet with its balances, now or at a time in the past */
  'GET /v1/wallets/{id}': {
    path: { id: string };
    query: { at?: string };
    body: undefined;
    answer: Wallet;
  };
  /** The caller’s wallets, newest first */
  'GET /v1/wallets': {
    path: {};
    query: { currency?: string; limit?: string; cursor?: string };
    body: undefined;
    answer: { readonly items: readonly Wallet[]; readonly nextCursor: string | null };
  };
  /** Open a wallet */
  'POST /v1/wallets': {
    path: {};
    query: {};
    body: {
      readonly currency: string;
      readonly name?: string;
      readonly purpose?: string;
      readonly ownerId?: string;
    };
    answer: Wallet;
    keyed: true;
  };
  /** Stop all payments of a wallet */
  'POST /v1/wallets/{id}/freeze': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: Wallet;
  };
  /** Let a frozen wallet pay again */
  'POST /v1/wallets/{id}/unfreeze': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: Wallet;
  };
  /** Close an empty wallet for good */
  'POST /v1/wallets/{id}/close': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: Wallet;
  };
  /** Transactions of the caller’s wallets, newest first */
  'GET /v1/transactions': {
    path: {};
    query: {
      walletId?: string;
      status?: 'pending' | 'held' | 'completed' | 'failed' | 'reversed';
      type?:
        | 'deposit'
        | 'withdrawal'
        | 'transfer'
        | 'hold'
        | 'capture'
        | 'release'
        | 'reversal'
        | 'adjustment'
        | 'conversion'
        | 'reward';
      from?: string;
      to?: string;
      metadata?: Readonly<Record<string, string>>;
      currency?: string;
      minAmount?: string | number;
      maxAmount?: string | number;
      text?: string;
      counterparty?: string;
      limit?: string;
      cursor?: string;
    };
    body: undefined;
    answer: { readonly items: readonly Transaction[]; readonly nextCursor: string | null };
  };
  /** Search the transactions of all wallets, newest first */
  'GET /v1/admin/transactions': {
    path: {};
    query: {
      walletId?: string;
      status?: 'pending' | 'held' | 'completed' | 'failed' | 'reversed';
      type?:
        | 'deposit'
        | 'withdrawal'
        | 'transfer'
        | 'hold'
        | 'capture'
        | 'release'
        | 'reversal'
        | 'adjustment'
        | 'conversion'
        | 'reward';
      from?: string;
      to?: string;
      metadata?: Readonly<Record<string, string>>;
      currency?: string;
      minAmount?: string | number;
      maxAmount?: string | number;
      text?: string;
      counterparty?: string;
      limit?: string;
      cursor?: string;
      ownerId?: string;
    };
    body: undefined;
    answer: { readonly items: readonly Transaction[]; readonly nextCursor: string | null };
  };
  /** One transaction */
  'GET /v1/transactions/{id}': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: Transaction;
  };
  /** Plan a transfer: once at a time, or again and again */
  'POST /v1/scheduled-transfers': {
    path: {};
    query: {};
    body: {
      readonly fromWalletId: string;
      readonly toWalletId?: string;
      readonly toEmail?: string;
      readonly amount: string | number;
      readonly description?: string;
      readonly metadata?: Readonly<Record<string, string>>;
      readonly schedule: {
        readonly frequency: 'once' | 'daily' | 'weekly' | 'monthly';
        readonly interval?: number;
        readonly startAt: string;
        readonly timeZone: string;
        readonly endDate?: string;
        readonly count?: number;
      };
      readonly onRefusal?: { readonly retries?: number; readonly everySeconds?: number };
      readonly onMissed?: 'all' | 'latest' | 'none';
    };
    answer: ScheduledTransfer;
    keyed: true;
  };
  /** The scheduled transfers of the caller’s wallets, newest first */
  'GET /v1/scheduled-transfers': {
    path: {};
    query: {
      limit?: string;
      cursor?: string;
      status?: 'active' | 'paused' | 'finished' | 'cancelled';
      walletId?: string;
    };
    body: undefined;
    answer: { readonly items: readonly ScheduledTransfer[]; readonly nextCursor: string | null };
  };
  /** One scheduled transfer */
  'GET /v1/scheduled-transfers/{id}': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: ScheduledTransfer;
  };
  /** Change what is still to come of a scheduled transfer */
  'PATCH /v1/scheduled-transfers/{id}': {
    path: { id: string };
    query: {};
    body: {
      readonly amount?: string | number;
      readonly description?: string;
      readonly onRefusal?: { readonly retries?: number; readonly everySeconds?: number };
      readonly onMissed?: 'all' | 'latest' | 'none';
      readonly endDate?: string | null;
      readonly count?: number | null;
    };
    answer: ScheduledTransfer;
  };
  /** Pause a scheduled transfer */
  'POST /v1/scheduled-transfers/{id}/pause': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: ScheduledTransfer;
  };
  /** Go on with a scheduled transfer */
  'POST /v1/scheduled-transfers/{id}/resume': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: ScheduledTransfer;
  };
  /** End a scheduled transfer for good */
  'POST /v1/scheduled-transfers/{id}/cancel': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: ScheduledTransfer;
  };
  /** What became of a scheduled transfer each time, the latest first */
  'GET /v1/scheduled-transfers/{id}/occurrences': {
    path: { id: string };
    query: { limit?: string; cursor?: string };
    body: undefined;
    answer: { readonly items: readonly ScheduledOccurrence[]; readonly nextCursor: string | null };
  };
  /** Ask somebody to pay you */
  'POST /v1/payment-requests': {
    path: {};
    query: {};
    body: {
      readonly fromEmail: string;
      readonly toWalletId: string;
      readonly amount: string | number;
      readonly description?: string;
      readonly expiresInSeconds?: number;
    };
    answer: PaymentRequest;
    keyed: true;
  };
  /** What the caller was asked to pay, or has asked for, newest first */
  'GET /v1/payment-requests': {
    path: {};
    query: {
      limit?: string;
      cursor?: string;
      direction?: 'incoming' | 'outgoing';
      status?: 'open' | 'processing' | 'accepted' | 'declined' | 'cancelled' | 'expired';
    };
    body: undefined;
    answer: { readonly items: readonly PaymentRequest[]; readonly nextCursor: string | null };
  };
  /** One payment request */
  'GET /v1/payment-requests/{id}': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: PaymentRequest;
  };
  /** Pay what was asked for */
  'POST /v1/payment-requests/{id}/accept': {
    path: { id: string };
    query: {};
    body: { readonly fromWalletId: string };
    answer: Transaction;
    keyed: true;
  };
  /** Say no to a payment request */
  'POST /v1/payment-requests/{id}/decline': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: PaymentRequest;
  };
  /** Take a payment request back */
  'POST /v1/payment-requests/{id}/cancel': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: PaymentRequest;
  };
  /** Upload a file of transfers, one a line */
  'POST /v1/bulk-files': {
    path: {};
    query: {};
    body: Blob;
    answer: BulkFile;
    keyed: true;
  };
  /** The caller’s files, newest first */
  'GET /v1/bulk-files': {
    path: {};
    query: { limit?: string; cursor?: string };
    body: undefined;
    answer: { readonly items: readonly BulkFile[]; readonly nextCursor: string | null };
  };
  /** How far a file is */
  'GET /v1/bulk-files/{id}': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: BulkFile;
  };
  /** Stop sending the lines of a file for now */
  'POST /v1/bulk-files/{id}/pause': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: BulkFile;
  };
  /** Go on with a file */
  'POST /v1/bulk-files/{id}/resume': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: BulkFile;
  };
  /** Send no more lines of a file */
  'POST /v1/bulk-files/{id}/cancel': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: BulkFile;
  };
  /** What became of each line, in the order of the file */
  'GET /v1/bulk-files/{id}/result': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: Blob;
  };
  /** Every movement of a wallet, newest first */
  'GET /v1/wallets/{id}/entries': {
    path: { id: string };
    query: { limit?: string; cursor?: string };
    body: undefined;
    answer: { readonly items: readonly Entry[]; readonly nextCursor: string | null };
  };
  /** Statement of a period, oldest entry first */
  'GET /v1/wallets/{id}/statement': {
    path: { id: string };
    query: { from?: string; to?: string; format?: 'csv' | 'json' | 'pdf' };
    body: undefined;
    answer: {
      readonly walletId: string;
      readonly currency: string;
      readonly from: string | null;
      readonly to: string | null;
      readonly openingBalance: string;
      readonly closingBalance: string;
      readonly takenAt: string;
      readonly entries: readonly {
        readonly sequence: number;
        readonly transactionId: string;
        readonly direction: 'debit' | 'credit';
        readonly amount: string;
        readonly currency?: string;
        readonly balanceAfter: string;
        readonly createdAt: string;
        readonly type:
          | 'deposit'
          | 'withdrawal'
          | 'transfer'
          | 'hold'
          | 'capture'
          | 'release'
          | 'reversal'
          | 'adjustment'
          | 'conversion'
          | 'reward';
        readonly description?: string;
        readonly id: string;
      }[];
    };
  };
  /** Create an account */
  'POST /v1/auth/register': {
    path: {};
    query: {};
    body: { readonly email: string; readonly password: string; readonly name: string };
    answer: User;
  };
  /** Sign in */
  'POST /v1/auth/login': {
    path: {};
    query: {};
    body: { readonly email: string; readonly password: string; readonly totp?: string };
    answer: TokenPair;
  };
  /** Trade a refresh token for a new pair */
  'POST /v1/auth/refresh': {
    path: {};
    query: {};
    body: { readonly refreshToken: string };
    answer: TokenPair;
  };
  /** End the session of a refresh token */
  'POST /v1/auth/logout': {
    path: {};
    query: {};
    body: { readonly refreshToken: string };
    answer: undefined;
  };
  /** Prove the identity anew, for what is risky */
  'POST /v1/auth/step-up': {
    path: {};
    query: {};
    body: { readonly password: string; readonly totp?: string };
    answer: {
      readonly accessToken: string;
      readonly tokenType: 'Bearer';
      readonly expiresIn: number;
    };
  };
  /** Confirm an e-mail address with the token of a letter */
  'POST /v1/auth/email/verify': {
    path: {};
    query: {};
    body: { readonly token: string };
    answer: undefined;
  };
  /** Ask for another letter to confirm an address */
  'POST /v1/auth/email/resend': {
    path: {};
    query: {};
    body: { readonly email: string };
    answer: undefined;
  };
  /** Ask for a letter to choose a new password */
  'POST /v1/auth/password/forgot': {
    path: {};
    query: {};
    body: { readonly email: string };
    answer: undefined;
  };
  /** Choose a new password with the token of a letter */
  'POST /v1/auth/password/reset': {
    path: {};
    query: {};
    body: { readonly token: string; readonly newPassword: string };
    answer: undefined;
  };
  /** Get a secret for an authenticator app */
  'POST /v1/auth/2fa/setup': {
    path: {};
    query: {};
    body: undefined;
    answer: { readonly secret: string; readonly otpauthUri: string };
  };
  /** Switch the second factor on with a code of the app */
  'POST /v1/auth/2fa/confirm': {
    path: {};
    query: {};
    body: { readonly code: string };
    answer: { readonly recoveryCodes: readonly string[] };
  };
  /** Get new recovery codes; the old ones work no more */
  'POST /v1/auth/2fa/recovery-codes': {
    path: {};
    query: {};
    body: undefined;
    answer: { readonly recoveryCodes: readonly string[] };
  };
  /** Switch the second factor off */
  'DELETE /v1/auth/2fa': {
    path: {};
    query: {};
    body: undefined;
    answer: undefined;
  };
  /** The caller’s profile */
  'GET /v1/me': {
    path: {};
    query: {};
    body: undefined;
    answer: User;
  };
  /** Change the profile */
  'PATCH /v1/me': {
    path: {};
    query: {};
    body: { readonly name: string };
    answer: User;
  };
  /** Erase the caller’s account */
  'DELETE /v1/me': {
    path: {};
    query: {};
    body: undefined;
    answer: { readonly eraseAfter: string } | undefined;
  };
  /** Change the password */
  'POST /v1/me/password': {
    path: {};
    query: {};
    body: { readonly currentPassword: string; readonly newPassword: string };
    answer: undefined;
  };
  /** Ask for another e-mail address */
  'POST /v1/me/email': {
    path: {};
    query: {};
    body: { readonly email: string };
    answer: undefined;
  };
  /** Where the caller is signed in, newest first */
  'GET /v1/me/sessions': {
    path: {};
    query: {};
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly id: string;
        readonly createdAt: string;
        readonly lastUsedAt: string;
        readonly expiresAt: string;
        readonly address: string | null;
        readonly userAgent: string | null;
        readonly factors: readonly ('password' | 'totp' | 'recovery-code')[];
        readonly application: string | null;
        readonly current: boolean;
      }[];
      readonly nextCursor: string | null;
    };
  };
  /** End a session */
  'DELETE /v1/me/sessions/{id}': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: undefined;
  };
  /** What the caller agreed to and refused, newest first */
  'GET /v1/me/consents': {
    path: {};
    query: {};
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly purpose: string;
        readonly version: string;
        readonly granted: boolean;
        readonly decidedAt: string;
      }[];
      readonly nextCursor: string | null;
    };
  };
  /** Agree to something, or take that back */
  'POST /v1/me/consents': {
    path: {};
    query: {};
    body: { readonly purpose: string; readonly version: string; readonly granted: boolean };
    answer: {
      readonly purpose: string;
      readonly version: string;
      readonly granted: boolean;
      readonly decidedAt: string;
    };
  };
  /** Everything held about the caller */
  'GET /v1/me/export': {
    path: {};
    query: { format?: 'json' | 'zip' };
    body: undefined;
    answer: { readonly exportedAt: string };
  };
  /** The caller’s API keys, newest first */
  'GET /v1/me/api-keys': {
    path: {};
    query: {};
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly id: string;
        readonly name: string;
        readonly clientId: string;
        readonly scopes: readonly (
          | 'wallets:read'
          | 'wallets:write'
          | 'transactions:read'
          | 'transactions:write'
          | 'webhooks'
          | 'admin'
        )[];
        readonly createdAt: string;
        readonly lastUsedAt: string | null;
        readonly expiresAt: string;
      }[];
      readonly nextCursor: string | null;
    };
  };
  /** Make a key for a program of one’s own */
  'POST /v1/me/api-keys': {
    path: {};
    query: {};
    body: {
      readonly name: string;
      readonly scopes: readonly (
        'wallets:read' | 'wallets:write' | 'transactions:read' | 'transactions:write' | 'webhooks'
      )[];
      readonly expiresInDays?: number;
    };
    answer: {
      readonly id: string;
      readonly name: string;
      readonly clientId: string;
      readonly scopes: readonly (
        | 'wallets:read'
        | 'wallets:write'
        | 'transactions:read'
        | 'transactions:write'
        | 'webhooks'
        | 'admin'
      )[];
      readonly createdAt: string;
      readonly lastUsedAt: string | null;
      readonly expiresAt: string;
      readonly clientSecret: string;
    };
  };
  /** Remove an API key */
  'DELETE /v1/me/api-keys/{id}': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: undefined;
  };
  /** OAuth 2.1 token endpoint for machine clients and applications */
  'POST /oauth/token': {
    path: {};
    query: {};
    body: {
      readonly grant_type: string;
      readonly client_id?: string;
      readonly client_secret?: string;
      readonly refresh_token?: string;
      readonly scope?: string;
      readonly code?: string;
      readonly redirect_uri?: string;
      readonly code_verifier?: string;
    };
    answer: {
      readonly access_token: string;
      readonly token_type: 'Bearer';
      readonly expires_in: number;
      readonly scope?: string;
      readonly refresh_token?: string;
    };
  };
  /** Whether a token of the client holds (RFC 7662) */
  'POST /oauth/introspect': {
    path: {};
    query: {};
    body: {
      readonly token: string;
      readonly token_type_hint?: string;
      readonly client_id?: string;
      readonly client_secret?: string;
    };
    answer: { readonly active: boolean };
  };
  /** End what a token of the client stands for (RFC 7009) */
  'POST /oauth/revoke': {
    path: {};
    query: {};
    body: {
      readonly token: string;
      readonly token_type_hint?: string;
      readonly client_id?: string;
      readonly client_secret?: string;
    };
    answer: undefined;
  };
  /** Public keys of access tokens */
  'GET /.well-known/jwks.json': {
    path: {};
    query: {};
    body: undefined;
    answer: { readonly keys: readonly Readonly<Record<string, unknown>>[] };
  };
  /** OAuth metadata (RFC 8414) */
  'GET /.well-known/oauth-authorization-server': {
    path: {};
    query: {};
    body: undefined;
    answer: {
      readonly issuer: string;
      readonly authorization_endpoint: string;
      readonly token_endpoint: string;
      readonly introspection_endpoint: string;
      readonly revocation_endpoint: string;
      readonly jwks_uri: string;
      readonly grant_types_supported: readonly string[];
      readonly token_endpoint_auth_methods_supported: readonly string[];
      readonly scopes_supported: readonly string[];
      readonly response_types_supported: readonly string[];
      readonly code_challenge_methods_supported: readonly string[];
      readonly authorization_response_iss_parameter_supported: boolean;
    };
  };
  /** Ask a person to let an application act (OAuth 2.1, with PKCE) */
  'GET /oauth/authorize': {
    path: {};
    query: {
      response_type?: string;
      client_id?: string;
      redirect_uri?: string;
      scope?: string;
      state?: string;
      code_challenge?: string;
      code_challenge_method?: string;
    };
    body: undefined;
    answer: Blob;
  };
  /** The answer of that page */
  'POST /oauth/authorize': {
    path: {};
    query: {};
    body: {
      readonly response_type?: string;
      readonly client_id?: string;
      readonly redirect_uri?: string;
      readonly scope?: string;
      readonly state?: string;
      readonly code_challenge?: string;
      readonly code_challenge_method?: string;
      readonly decision?: string;
      readonly email?: string;
      readonly password?: string;
      readonly totp?: string;
    };
    answer: undefined;
  };
  /** Letters to users, newest first */
  'GET /v1/admin/outbox': {
    path: {};
    query: { limit?: string; cursor?: string };
    body: undefined;
    answer: { readonly items: readonly Letter[]; readonly nextCursor: string | null };
  };
  /** Keep an account from being erased, or no longer */
  'PUT /v1/admin/users/{id}/legal-hold': {
    path: { id: string };
    query: {};
    body: { readonly held: boolean };
    answer: undefined;
  };
  /** Follow the key of access tokens by a new one */
  'POST /v1/admin/keys/signing/rotate': {
    path: {};
    query: {};
    body: undefined;
    answer: { readonly kid: string; readonly signsFrom: string };
  };
  /** Bring the keys of all users under the newest master key */
  'POST /v1/admin/keys/master/rewrap': {
    path: {};
    query: {};
    body: undefined;
    answer: { readonly rewrapped: number };
  };
  /** Applications of third parties, newest first */
  'GET /v1/admin/applications': {
    path: {};
    query: {};
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly id: string;
        readonly clientId: string;
        readonly name: string;
        readonly redirectUris: readonly string[];
        readonly scopes: readonly (
          | 'wallets:read'
          | 'wallets:write'
          | 'transactions:read'
          | 'transactions:write'
          | 'webhooks'
          | 'admin'
        )[];
        readonly confidential: boolean;
        readonly createdAt: string;
      }[];
      readonly nextCursor: string | null;
    };
  };
  /** Register an application of a third party */
  'POST /v1/admin/applications': {
    path: {};
    query: {};
    body: {
      readonly name: string;
      readonly redirectUris: readonly string[];
      readonly scopes: readonly (
        'wallets:read' | 'wallets:write' | 'transactions:read' | 'transactions:write' | 'webhooks'
      )[];
      readonly confidential?: boolean;
    };
    answer: {
      readonly id: string;
      readonly clientId: string;
      readonly name: string;
      readonly redirectUris: readonly string[];
      readonly scopes: readonly (
        | 'wallets:read'
        | 'wallets:write'
        | 'transactions:read'
        | 'transactions:write'
        | 'webhooks'
        | 'admin'
      )[];
      readonly confidential: boolean;
      readonly createdAt: string;
      readonly clientSecret: string | null;
    };
  };
  /** Remove an application and end what it does for anybody */
  'DELETE /v1/admin/applications/{id}': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: undefined;
  };
  /** The user with an e-mail address */
  'GET /v1/admin/users': {
    path: {};
    query: { email: string };
    body: undefined;
    answer: { readonly items: readonly StaffUser[]; readonly nextCursor: string | null };
  };
  /** A user */
  'GET /v1/admin/users/{id}': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: StaffUser;
  };
  /** Make somebody one of the staff, or no longer */
  'PUT /v1/admin/users/{id}/roles': {
    path: { id: string };
    query: {};
    body: {
      readonly roles: readonly (
        'user' | 'support' | 'risk-analyst' | 'operator' | 'admin' | 'auditor'
      )[];
    };
    answer: StaffUser;
  };
  /** Hand in a document that says who you are, or where you live */
  'POST /v1/kyc/documents': {
    path: {};
    query: {};
    body: FormData;
    answer: KycDocument;
  };
  /** How well you are known, what you may pay, and your documents */
  'GET /v1/kyc': {
    path: {};
    query: { currency?: string };
    body: undefined;
    answer: {
      readonly level: number;
      readonly limits: {
        readonly perTransaction: string;
        readonly perDay: string;
        readonly perMonth: string;
        readonly currency: string;
      };
      readonly documents: readonly KycDocument[];
    };
  };
  /** Documents of people, the longest waiting first */
  'GET /v1/admin/kyc': {
    path: {};
    query: {
      status?: 'pending' | 'approved' | 'rejected' | 'expired';
      limit?: string;
      cursor?: string;
    };
    body: undefined;
    answer: { readonly items: readonly KycDocument[]; readonly nextCursor: string | null };
  };
  /** One document */
  'GET /v1/admin/kyc/{id}': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: KycDocument;
  };
  /** The file of a document */
  'GET /v1/admin/kyc/{id}/file': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: Blob;
  };
  /** Accept or reject a document */
  'POST /v1/admin/kyc/{id}/decision': {
    path: { id: string };
    query: {};
    body: {
      readonly decision: 'approve' | 'reject';
      readonly reason: string;
      readonly validUntil?: string;
    };
    answer: { readonly document: KycDocument; readonly level: number };
  };
  /** What happens to the caller’s wallets, as server-sent events */
  'GET /v1/events': {
    path: {};
    query: { after?: string; scope?: 'own' | 'all' };
    body: undefined;
    answer: Blob;
  };
  /** Have a URL told what happens to wallets */
  'POST /v1/webhooks': {
    path: {};
    query: {};
    body: {
      readonly url: string;
      readonly description?: string;
      readonly eventTypes?: readonly (
        | 'transaction-pending'
        | 'transaction-held'
        | 'transaction-completed'
        | 'transaction-failed'
        | 'transaction-reversed'
        | 'wallet-opened'
        | 'wallet-status-changed'
        | 'wallet-overdraft-changed'
        | 'payment-request-received'
        | 'payment-request-accepted'
        | 'payment-request-declined'
        | 'payment-request-cancelled'
        | 'payment-request-expired'
        | 'scheduled-transfer-failed'
        | 'bulk-file-finished'
        | 'balance-crossed'
      )[];
    };
    answer: WebhookWithSecret;
  };
  /** The caller’s webhooks, newest first */
  'GET /v1/webhooks': {
    path: {};
    query: { limit?: string; cursor?: string };
    body: undefined;
    answer: { readonly items: readonly Webhook[]; readonly nextCursor: string | null };
  };
  /** Switch a webhook off, or on again */
  'PATCH /v1/webhooks/{id}': {
    path: { id: string };
    query: {};
    body: { readonly status: 'active' | 'disabled' };
    answer: Webhook;
  };
  /** Remove a webhook and what it was told */
  'DELETE /v1/webhooks/{id}': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: undefined;
  };
  /** Give a webhook a new secret */
  'POST /v1/webhooks/{id}/rotate': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: WebhookWithSecret;
  };
  /** Send a test event */
  'POST /v1/webhooks/{id}/test': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: WebhookDelivery;
  };
  /** What a webhook was told, and how that went, newest first */
  'GET /v1/webhooks/{id}/deliveries': {
    path: { id: string };
    query: { limit?: string; cursor?: string };
    body: undefined;
    answer: { readonly items: readonly WebhookDelivery[]; readonly nextCursor: string | null };
  };
  /** Send a delivery once more */
  'POST /v1/webhooks/{id}/deliveries/{deliveryId}/resend': {
    path: { id: string; deliveryId: string };
    query: {};
    body: undefined;
    answer: WebhookDelivery;
  };
  /** Messages for the caller, newest first */
  'GET /v1/notifications': {
    path: {};
    query: { limit?: string; cursor?: string; unread?: 'true' | 'false' };
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly id: string;
        readonly kind:
          | 'money-received'
          | 'payment-sent'
          | 'payment-failed'
          | 'payment-under-review'
          | 'deposit-completed'
          | 'withdrawal-completed'
          | 'wallet-status-changed'
          | 'reward-paid'
          | 'reward-taken-back'
          | 'balance-below'
          | 'balance-above'
          | 'payment-request-received'
          | 'payment-request-accepted'
          | 'payment-request-declined'
          | 'payment-request-cancelled'
          | 'payment-request-expired'
          | 'scheduled-transfer-failed'
          | 'bulk-file-finished';
        readonly facts: Readonly<Record<string, string>>;
        readonly createdAt: string;
        readonly readAt?: string;
      }[];
      readonly nextCursor: string | null;
    };
  };
  /** Mark messages as read: those named, or all */
  'POST /v1/notifications/read': {
    path: {};
    query: {};
    body: { readonly ids?: readonly string[] };
    answer: { readonly marked: number };
  };
  /** Which kinds of messages and letters the caller does not want */
  'GET /v1/notifications/preferences': {
    path: {};
    query: {};
    body: undefined;
    answer: Preferences;
  };
  /** Choose which kinds of messages and letters not to get, and in which language */
  'PUT /v1/notifications/preferences': {
    path: {};
    query: {};
    body: {
      readonly muted?: readonly (
        | 'money-received'
        | 'payment-sent'
        | 'payment-failed'
        | 'payment-under-review'
        | 'deposit-completed'
        | 'withdrawal-completed'
        | 'wallet-status-changed'
        | 'reward-paid'
        | 'reward-taken-back'
        | 'balance-below'
        | 'balance-above'
        | 'payment-request-received'
        | 'payment-request-accepted'
        | 'payment-request-declined'
        | 'payment-request-cancelled'
        | 'payment-request-expired'
        | 'scheduled-transfer-failed'
        | 'bulk-file-finished'
      )[];
      readonly mutedLetters?: readonly (
        | 'money-received'
        | 'payment-sent'
        | 'payment-failed'
        | 'payment-under-review'
        | 'deposit-completed'
        | 'withdrawal-completed'
        | 'wallet-status-changed'
        | 'reward-paid'
        | 'reward-taken-back'
        | 'balance-below'
        | 'balance-above'
        | 'payment-request-received'
        | 'payment-request-accepted'
        | 'payment-request-declined'
        | 'payment-request-cancelled'
        | 'payment-request-expired'
        | 'scheduled-transfer-failed'
        | 'bulk-file-finished'
      )[];
      readonly locale?: 'en' | 'de';
    };
    answer: Preferences;
  };
  /** Hear when the balance of a wallet crosses a line */
  'POST /v1/balance-monitors': {
    path: {};
    query: {};
    body: {
      readonly walletId: string;
      readonly direction: 'below' | 'above';
      readonly threshold: string | number;
    };
    answer: BalanceMonitor;
  };
  /** The caller’s balance monitors, newest first */
  'GET /v1/balance-monitors': {
    path: {};
    query: { limit?: string; cursor?: string };
    body: undefined;
    answer: { readonly items: readonly BalanceMonitor[]; readonly nextCursor: string | null };
  };
  /** A balance monitor, and when its line was last crossed */
  'GET /v1/balance-monitors/{id}': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: BalanceMonitor;
  };
  /** Move the line */
  'PATCH /v1/balance-monitors/{id}': {
    path: { id: string };
    query: {};
    body: { readonly direction?: 'below' | 'above'; readonly threshold?: string | number };
    answer: BalanceMonitor;
  };
  /** Hear no more of a line */
  'DELETE /v1/balance-monitors/{id}': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: undefined;
  };
  /** Begin to link a bank account */
  'POST /v1/bank-accounts/link-tokens': {
    path: {};
    query: {};
    body: { readonly bank: string };
    answer: { readonly linkToken: string; readonly expiresAt: string };
  };
  /** Link the bank account that was proven */
  'POST /v1/bank-accounts': {
    path: {};
    query: {};
    body: { readonly linkToken: string; readonly publicToken: string };
    answer: LinkedAccount;
  };
  /** The caller’s linked bank accounts, newest first */
  'GET /v1/bank-accounts': {
    path: {};
    query: { limit?: string; cursor?: string };
    body: undefined;
    answer: { readonly items: readonly LinkedAccount[]; readonly nextCursor: string | null };
  };
  /** A linked bank account */
  'GET /v1/bank-accounts/{id}': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: LinkedAccount;
  };
  /** Unlink a bank account */
  'DELETE /v1/bank-accounts/{id}': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: undefined;
  };
  /** Webhooks of payment providers */
  'POST /v1/bank-webhooks': {
    path: {};
    query: { bank: string };
    body: unknown;
    answer: { readonly received: true };
  };
  /** The caller’s rewards, newest first */
  'GET /v1/rewards': {
    path: {};
    query: { limit?: string; cursor?: string };
    body: undefined;
    answer: { readonly items: readonly Reward[]; readonly nextCursor: string | null };
  };
  /** What there is to earn now */
  'GET /v1/rewards/offers': {
    path: {};
    query: {};
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly id: string;
        readonly name: string;
        readonly currency: string;
        readonly terms:
          | {
              readonly kind: 'cashback';
              readonly basisPoints: number;
              readonly rewardMax?: string;
              readonly paymentMin?: string;
              readonly payeeWalletIds?: readonly string[];
            }
          | {
              readonly kind: 'first-deposit';
              readonly reward: string;
              readonly depositMin?: string;
            }
          | {
              readonly kind: 'referral';
              readonly reward: string;
              readonly depositMin?: string;
              readonly beneficiary: 'referrer' | 'referred';
            }
          | {
              readonly kind: 'streak';
              readonly reward: string;
              readonly paymentMin?: string;
              readonly pointsPerDay: number;
              readonly pointsPerDayMax: number;
              readonly pointsPerReward: number;
            };
        readonly validUntil: string;
        readonly streak?: { readonly days: number; readonly points: number };
      }[];
    };
  };
  /** The caller’s code for others */
  'GET /v1/rewards/referral': {
    path: {};
    query: {};
    body: undefined;
    answer: {
      readonly code: string;
      readonly wasReferred: boolean;
      readonly referredCount: number;
    };
  };
  /** Say by whose code one came here, before the first deposit */
  'POST /v1/rewards/referral': {
    path: {};
    query: {};
    body: { readonly code: string };
    answer: undefined;
  };
  /** Make a rule by which payments and deposits are rewarded */
  'POST /v1/admin/reward-rules': {
    path: {};
    query: {};
    body: {
      readonly name: string;
      readonly currency: string;
      readonly terms:
        | {
            readonly kind: 'cashback';
            readonly basisPoints: number;
            readonly rewardMax?: string | number;
            readonly paymentMin?: string | number;
            readonly payeeWalletIds?: readonly string[];
          }
        | {
            readonly kind: 'first-deposit';
            readonly reward: string | number;
            readonly depositMin?: string | number;
          }
        | {
            readonly kind: 'referral';
            readonly reward: string | number;
            readonly depositMin?: string | number;
            readonly beneficiary: 'referrer' | 'referred';
          }
        | {
            readonly kind: 'streak';
            readonly reward: string | number;
            readonly paymentMin?: string | number;
            readonly pointsPerDay: number;
            readonly pointsPerDayMax: number;
            readonly pointsPerReward: number;
          };
      readonly validFrom?: string;
      readonly validUntil: string;
      readonly budget: string | number;
      readonly perPersonMax?: string | number;
    };
    answer: RewardRule;
    keyed: true;
  };
  /** Rules by which rewards are paid, newest first */
  'GET /v1/admin/reward-rules': {
    path: {};
    query: { limit?: string; cursor?: string };
    body: undefined;
    answer: { readonly items: readonly RewardRule[]; readonly nextCursor: string | null };
  };
  /** Pause a rule, go on with it, end it at another time, or give it another budget */
  'PATCH /v1/admin/reward-rules/{id}': {
    path: { id: string };
    query: {};
    body: {
      readonly name?: string;
      readonly status?: 'active' | 'paused';
      readonly validUntil?: string;
      readonly budget?: string | number;
    };
    answer: RewardRule;
  };
  /** A rule, and how much of its budget is spent */
  'GET /v1/admin/reward-rules/{id}': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: RewardRule;
  };
  /** Rewards of everybody, those that were refused too, newest first */
  'GET /v1/admin/rewards': {
    path: {};
    query: { limit?: string; cursor?: string; ruleId?: string };
    body: undefined;
    answer: { readonly items: readonly Reward[]; readonly nextCursor: string | null };
  };
  /** What there is to pay rewards from */
  'GET /v1/admin/reward-funds': {
    path: {};
    query: {};
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly currency: string;
        readonly walletId: string;
        readonly balances: {
          readonly posted: string;
          readonly held: string;
          readonly available: string;
        };
      }[];
    };
  };
  /** Bring money of the platform in, to pay rewards from */
  'POST /v1/admin/reward-funds': {
    path: {};
    query: {};
    body: {
      readonly currency: string;
      readonly amount: string | number;
      readonly bankAccount: string;
    };
    answer: Transaction;
    keyed: true;
  };
  /** Check the books as a whole: their rows, their events, and beside the banks’ */
  'GET /v1/admin/reconciliation': {
    path: {};
    query: {};
    body: undefined;
    answer: {
      readonly ok: boolean;
      readonly checkedAt: string;
      readonly breaks: readonly { readonly invariant: string; readonly detail: string }[];
      readonly auditLagSeconds: number | null;
      readonly banks:
        | readonly {
            readonly bank: string;
            readonly currency: string;
            readonly statementUntil: string | null;
            readonly booksUntil: string;
            readonly bankBalance: string;
            readonly bookBalance: string;
            readonly difference: string;
            readonly inBreaks: string;
            readonly waiting: string;
            readonly unexplained: string;
            readonly openBreaks: number;
          }[]
        | null;
    };
  };
  /** Circuit breakers of the banks */
  'GET /v1/admin/breakers': {
    path: {};
    query: {};
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly bank: string;
        readonly state: 'closed' | 'half-open' | 'open';
        readonly since: string;
        readonly retryAfterSeconds?: number;
      }[];
    };
  };
  /** Wallets of any user, newest first */
  'GET /v1/admin/wallets': {
    path: {};
    query: { currency?: string; limit?: string; cursor?: string; ownerId?: string };
    body: undefined;
    answer: { readonly items: readonly Wallet[]; readonly nextCursor: string | null };
  };
  /** Open currency positions, valued at the rates of now */
  'GET /v1/admin/fx/positions': {
    path: {};
    query: {};
    body: undefined;
    answer: {
      readonly baseCurrency: string;
      readonly publishedAt: string | null;
      readonly items: readonly {
        readonly currency: string;
        readonly position: string;
        readonly conversions: number;
        readonly midRate: string | null;
        readonly value: string | null;
        readonly cost: string;
        readonly unrealisedProfit: string | null;
      }[];
      readonly spreadEarned: string;
      readonly unrealisedProfit: string | null;
    };
  };
  /** Everything that happened, newest first */
  'GET /v1/admin/audit': {
    path: {};
    query: { type?: string; actor?: string; limit?: string; cursor?: string };
    body: undefined;
    answer: { readonly items: readonly AuditRecord[]; readonly nextCursor: string | null };
  };
  /** Recompute the audit log, and say where anything was changed */
  'POST /v1/admin/audit/verify': {
    path: {};
    query: {};
    body: { readonly from?: string };
    answer: {
      readonly ok: boolean;
      readonly checkedAt: string;
      readonly records: number;
      readonly roots: number;
      readonly seconds: number;
      readonly breaks: readonly {
        readonly kind:
          | 'record-changed'
          | 'record-missing'
          | 'link-broken'
          | 'head-differs'
          | 'root-differs'
          | 'root-missing'
          | 'root-forged';
        readonly chain?: string;
        readonly first?: number;
        readonly last?: number;
        readonly root?: number;
        readonly detail: string;
      }[];
    };
  };
  /** What a third party needs to see that a transaction is in the log */
  'GET /v1/admin/audit/proof/{id}': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: {
      readonly transactionId: string;
      readonly proofs: readonly {
        readonly chain: string;
        readonly place: number;
        readonly record: string;
        readonly previous: string;
        readonly hash: string;
        readonly root: {
          readonly document: string;
          readonly signature: string;
          readonly publicKey: string;
          readonly links: readonly string[];
          readonly path: readonly { readonly side: 'left' | 'right'; readonly hash: string }[];
        } | null;
      }[];
    };
  };
  /** How far the ordered partitions are */
  'GET /v1/admin/lanes': {
    path: {};
    query: {};
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly partition: number;
        readonly owner: string | null;
        readonly epoch: number;
        readonly events: number;
        readonly untold: number;
        readonly lagSeconds: number | null;
        readonly haltedReason?: string;
      }[];
    };
  };
  /** Messages that nobody can handle, newest first */
  'GET /v1/admin/dead-letters': {
    path: {};
    query: {};
    body: undefined;
    answer: { readonly items: readonly DeadLetter[]; readonly nextCursor: null };
  };
  /** Have its reader handle a message again */
  'POST /v1/admin/dead-letters/{id}/retry': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: DeadLetter;
  };
  /** Remove a message that has been dealt with */
  'POST /v1/admin/dead-letters/{id}/discard': {
    path: { id: string };
    query: {};
    body: { readonly note?: string };
    answer: undefined;
  };
  /** Statements of banks, the last imported first */
  'GET /v1/admin/statements': {
    path: {};
    query: { limit?: string; cursor?: string; bank?: string; currency?: string };
    body: undefined;
    answer: { readonly items: readonly BankStatement[]; readonly nextCursor: string | null };
  };
  /** Upload a file of statements, and match them with the books */
  'POST /v1/admin/statements': {
    path: {};
    query: {};
    body: FormData;
    answer: { readonly items: readonly ImportedStatement[] };
  };
  /** Ask the banks for their statements now, and match them with the books */
  'POST /v1/admin/statements/fetch': {
    path: {};
    query: {};
    body: { readonly bank?: string };
    answer: {
      readonly items: readonly ImportedStatement[];
      readonly failures: readonly { readonly bank: string; readonly detail: string }[];
    };
  };
  /** A statement */
  'GET /v1/admin/statements/{id}': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: BankStatement;
  };
  /** The entries of a statement, and what each was matched with */
  'GET /v1/admin/statements/{id}/entries': {
    path: { id: string };
    query: { limit?: string; cursor?: string; state?: 'matched' | 'waiting' | 'broken' };
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly reference: string;
        readonly endToEndId?: string;
        readonly amount: string;
        readonly bookedAt: string;
        readonly valuedAt: string;
        readonly state: 'matched' | 'waiting' | 'broken';
        readonly transactionId?: string;
        readonly breakId?: string;
      }[];
      readonly nextCursor: string | null;
    };
  };
  /** Differences between banks and books, the newest first */
  'GET /v1/admin/breaks': {
    path: {};
    query: {
      limit?: string;
      cursor?: string;
      status?: 'open' | 'proposed' | 'rejected' | 'resolved' | 'unresolved' | 'any';
      bank?: string;
      kind?: 'missing-here' | 'missing-there' | 'different-amount' | 'duplicate';
    };
    body: undefined;
    answer: { readonly items: readonly StatementBreak[]; readonly nextCursor: string | null };
  };
  /** A break, and everything that was done about it */
  'GET /v1/admin/breaks/{id}': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: {
      readonly id: string;
      readonly bank: string;
      readonly currency: string;
      readonly kind: 'missing-here' | 'missing-there' | 'different-amount' | 'duplicate';
      readonly status: 'open' | 'proposed' | 'rejected' | 'resolved';
      readonly reference?: string;
      readonly endToEndId?: string;
      readonly transactionId?: string;
      readonly bankAmount?: string;
      readonly bookAmount?: string;
      readonly difference: string;
      readonly bookedAt: string;
      readonly foundAt: string;
      readonly action?: 'correct' | 'explain';
      readonly note?: string;
      readonly proposedBy?: string;
      readonly proposedAt?: string;
      readonly correction?: {
        readonly adjustmentId: string;
        readonly direction: 'credit' | 'debit';
        readonly amount: string;
        readonly expiresAt: string;
      };
      readonly decidedBy?: string;
      readonly decidedAt?: string;
      readonly decisionNote?: string;
      readonly resolution?: 'corrected' | 'explained' | 'matched';
      readonly resolvedAt?: string;
      readonly history: readonly {
        readonly at: string;
        readonly step: 'found' | 'proposed' | 'approved' | 'rejected' | 'matched' | 'reopened';
        readonly by?: string;
        readonly action?: 'correct' | 'explain';
        readonly note?: string;
      }[];
    };
  };
  /** Propose how a break is to be resolved */
  'POST /v1/admin/breaks/{id}/propose': {
    path: { id: string };
    query: {};
    body: { readonly action: 'correct' | 'explain'; readonly note: string };
    answer: StatementBreak;
  };
  /** Carry out what a colleague has proposed for a break */
  'POST /v1/admin/breaks/{id}/approve': {
    path: { id: string };
    query: {};
    body: { readonly note?: string };
    answer: DecidedBreak;
  };
  /** Turn down what a colleague has proposed for a break */
  'POST /v1/admin/breaks/{id}/reject': {
    path: { id: string };
    query: {};
    body: { readonly note?: string };
    answer: DecidedBreak;
  };
  /** What payments cost */
  'GET /v1/fees': {
    path: {};
    query: { version?: string };
    body: undefined;
    answer: FeeSchedule;
  };
  /** Every version of the fees, newest first, and who set it */
  'GET /v1/admin/fees': {
    path: {};
    query: { limit?: string; cursor?: string };
    body: undefined;
    answer: { readonly items: readonly FeeScheduleVersion[]; readonly nextCursor: string | null };
  };
  /** Set all fees */
  'PUT /v1/admin/fees': {
    path: {};
    query: {};
    body: {
      readonly basedOn: number;
      readonly rules: readonly {
        readonly type: 'transfer' | 'deposit' | 'withdrawal' | 'capture' | 'conversion';
        readonly currency: string;
        readonly paidBy: 'sender' | 'recipient';
        readonly tiers: readonly {
          readonly from: string;
          readonly flat?: string;
          readonly basisPoints?: number;
        }[];
        readonly min?: string;
        readonly max?: string;
      }[];
      readonly note?: string;
    };
    answer: FeeScheduleVersion;
  };
  /** Feature flags */
  'GET /v1/admin/flags': {
    path: {};
    query: {};
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly key: string;
        readonly variant: string;
        readonly variants: readonly string[];
        readonly default: string;
        readonly description: string;
        readonly changedBy?: string;
        readonly changedAt?: string;
      }[];
    };
  };
  /** Set fraud-scoring: enforce, shadow, off */
  'PUT /v1/admin/flags/fraud-scoring': {
    path: {};
    query: {};
    body: { readonly variant: 'enforce' | 'shadow' | 'off' };
    answer: {
      readonly key: string;
      readonly variant: string;
      readonly variants: readonly string[];
      readonly default: string;
      readonly description: string;
      readonly changedBy?: string;
      readonly changedAt?: string;
    };
  };
  /** Payments that wait for a person, the longest waiting first */
  'GET /v1/admin/reviews': {
    path: {};
    query: {
      status?: 'open' | 'approved' | 'declined' | 'expired' | 'any';
      limit?: string;
      cursor?: string;
    };
    body: undefined;
    answer: { readonly items: readonly Transaction[]; readonly nextCursor: string | null };
  };
  /** Let a payment under review go on: transfers are paid, banks are asked */
  'POST /v1/admin/reviews/{id}/approve': {
    path: { id: string };
    query: {};
    body: { readonly note?: string };
    answer: Transaction;
  };
  /** Stop a payment under review: what was held is released */
  'POST /v1/admin/reviews/{id}/decline': {
    path: { id: string };
    query: {};
    body: { readonly note?: string };
    answer: Transaction;
  };
  /** What the scorer decided, newest first */
  'GET /v1/admin/decisions': {
    path: {};
    query: {
      decision?: 'approve' | 'review' | 'block';
      walletId?: string;
      limit?: string;
      cursor?: string;
    };
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly transactionId: string;
        readonly walletId: string;
        readonly decidedAt: string;
        readonly risk: Risk;
        readonly logit: number;
        readonly featureVersion: string;
        readonly reconstructed?: boolean;
        readonly position: number;
        readonly challengers: readonly {
          readonly modelVersion: string;
          readonly score: number;
          readonly decision: 'approve' | 'review' | 'block';
        }[];
        readonly label?: {
          readonly label: 'fraud' | 'legitimate';
          readonly source: 'chargeback' | 'report' | 'review';
          readonly reportedBy: string;
        };
      }[];
      readonly nextCursor: string | null;
    };
  };
  /** The decision about a transaction, with all that it was made of */
  'GET /v1/admin/decisions/{id}': {
    path: { id: string };
    query: {};
    body: undefined;
    answer: RiskDecision;
  };
  /** Say what turned out: a fraud, or a payment that was fine after all */
  'POST /v1/admin/transactions/{id}/report': {
    path: { id: string };
    query: {};
    body: {
      readonly label: 'fraud' | 'legitimate';
      readonly source?: 'chargeback' | 'report';
      readonly note?: string;
    };
    answer: { readonly recorded: boolean };
  };
  /** The models that score, and those that look on */
  'GET /v1/admin/models': {
    path: {};
    query: {};
    body: undefined;
    answer: {
      readonly backend: string;
      readonly models: readonly {
        readonly modelVersion: string;
        readonly featureVersion: string;
        readonly role: 'champion' | 'challenger';
        readonly metrics: Readonly<Record<string, number>>;
        readonly reviewFrom: number;
        readonly blockFrom: number;
      }[];
    };
  };
  /** Is the process alive? */
  'GET /livez': {
    path: {};
    query: {};
    body: undefined;
    answer: { readonly ok: boolean; readonly problems: Readonly<Record<string, string>> };
  };
  /** Should the process get requests? */
  'GET /readyz': {
    path: {};
    query: {};
    body: undefined;
    answer: { readonly ok: boolean; readonly problems: Readonly<Record<string, string>> };
  };
  /** This description */
  'GET /openapi.json': {
    path: {};
    query: {};
    body: undefined;
    answer: undefined;
  };
  /** This description for people */
  'GET /docs': {
    path: {};
    query: {};
    body: undefined;
    answer: Blob;
  };
}

/** Repeating these with the same key does nothing twice. */

export const WITH_IDEMPOTENCY_KEY: ReadonlySet<string> = new Set([
  'POST /v1/transfers',
  'POST /v1/deposits',
  'POST /v1/withdrawals',
  'POST /v1/transactions/bulk',
  'POST /v1/splits',
  'POST /v1/admin/adjustments',
  'POST /v1/holds',
  'POST /v1/holds/{id}/capture',
  'POST /v1/holds/{id}/release',
  'POST /v1/transactions/{id}/reverse',
  'POST /v1/conversions',
  'POST /v1/wallets',
  'POST /v1/scheduled-transfers',
  'POST /v1/payment-requests',
  'POST /v1/payment-requests/{id}/accept',
  'POST /v1/bulk-files',
  'POST /v1/admin/reward-rules',
  'POST /v1/admin/reward-funds',
]);
