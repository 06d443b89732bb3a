import type { Bus } from '@florin/messaging';
import { createAdjustments } from './adapters/adjustments.ts';
import { createBanking } from './adapters/banking.ts';
import { createFees } from './adapters/fees.ts';
import { createKyc } from './adapters/kyc.ts';
import { createNotifications } from './adapters/notifications.ts';
import { createPayments } from './adapters/payments.ts';
import { createRewards } from './adapters/rewards.ts';
import { createStatements } from './adapters/statements.ts';
import { createAdjustWallet } from './adjust-wallet.ts';
import { createChangeFlag } from './change-flag.ts';
import {
  createChangeOverdraft,
  createChangeWalletStatus,
  createOpenWallet,
} from './change-wallet.ts';
import { createDecideReview } from './decide-review.ts';
import { createEraseAccount } from './erase-account.ts';
import { createExportAccount } from './export-account.ts';
import { createFindRecipientWallet } from './find-recipient-wallet.ts';
import { createFundRewards } from './fund-rewards.ts';
import { createFindTransaction } from './find-transaction.ts';
import { createFindTransferSides } from './find-transfer-sides.ts';
import { createOrderConversion } from './order-conversion.ts';
import { createOrderFollowUp } from './order-follow-up.ts';
import { createPlaceAtomicBulk } from './place-atomic-bulk.ts';
import { createPlaceBulk } from './place-bulk.ts';
import { createPlaceTransaction } from './place-transaction.ts';
import { createProtectWithdrawal } from './protect-withdrawal.ts';
import { createReadProfile } from './read-profile.ts';
import { createReadWallet } from './read-wallet.ts';
import { createReportTransaction } from './report-transaction.ts';
import { createSimulate } from './simulate.ts';
import { createSearchTransactions } from './search-transactions.ts';
import { createWorkBreak } from './work-break.ts';
import { createWriteStatement } from './statements/write-statement.ts';

type DepsOf<F extends (deps: never) => unknown> = Parameters<F>[0];

type UseCaseDeps = DepsOf<typeof createPlaceTransaction> &
  DepsOf<typeof createPlaceBulk> &
  DepsOf<typeof createOrderFollowUp> &
  DepsOf<typeof createSimulate> &
  Omit<DepsOf<typeof createAdjustWallet>, 'adjustments'> &
  DepsOf<typeof createOpenWallet> &
  DepsOf<typeof createFindRecipientWallet> &
  DepsOf<typeof createFindTransaction> &
  DepsOf<typeof createReadProfile> &
  DepsOf<typeof createReadWallet> &
  DepsOf<typeof createSearchTransactions> &
  DepsOf<typeof createWriteStatement> &
  DepsOf<typeof createChangeFlag> &
  DepsOf<typeof createDecideReview> &
  DepsOf<typeof createReportTransaction> &
  Omit<DepsOf<typeof createEraseAccount>, 'changeWalletStatus'> &
  Omit<
    DepsOf<typeof createExportAccount>,
    'kyc' | 'notifications' | 'payments' | 'rewards' | 'banking'
  > & {
    bus: Bus;
  } & Omit<DepsOf<typeof createProtectWithdrawal>, 'findTransaction'>;

/** What the API does beyond asking one neighbour, by name. */
export function createUseCases(deps: UseCaseDeps) {
  const changeWalletStatus = createChangeWalletStatus(deps);
  const findTransaction = createFindTransaction(deps);
  const adjustments = createAdjustments(deps.bus);
  const adjustWallet = createAdjustWallet({ ...deps, adjustments });
  const placeTransaction = createPlaceTransaction(deps);
  const openWallet = createOpenWallet(deps);
  const findRecipientWallet = createFindRecipientWallet(deps);
  return {
    placeTransaction,
    fundRewards: createFundRewards({ ...deps, openWallet, placeTransaction }),
    placeBulk: createPlaceBulk(deps),
    placeAtomicBulk: createPlaceAtomicBulk(deps),
    orderFollowUp: createOrderFollowUp(deps),
    orderConversion: createOrderConversion({ banking: createBanking(deps.bus), findTransaction }),
    simulate: createSimulate(deps),
    adjustments,
    adjustWallet,
    workBreak: createWorkBreak({
      adjustments,
      adjustWallet,
      statements: createStatements(deps.bus),
    }),
    changeOverdraft: createChangeOverdraft(deps),
    openWallet,
    fees: createFees(deps.bus),
    changeWalletStatus,
    findRecipientWallet,
    findTransaction,
    findTransferSides: createFindTransferSides({ ...deps, findRecipientWallet }),
    protectWithdrawal: createProtectWithdrawal({ ...deps, findTransaction }),
    readProfile: createReadProfile(deps),
    readWallet: createReadWallet(deps),
    searchTransactions: createSearchTransactions(deps),
    writeStatement: createWriteStatement(deps),
    /** Routes that do one thing at a neighbour tell of it themselves. */
    record: deps.record,
    changeFlag: createChangeFlag(deps),
    decideReview: createDecideReview(deps),
    reportTransaction: createReportTransaction(deps),
    eraseAccount: createEraseAccount({ ...deps, changeWalletStatus }),
    exportAccount: createExportAccount({
      ...deps,
      kyc: createKyc(deps.bus),
      notifications: createNotifications(deps.bus),
      payments: createPayments(deps.bus),
      rewards: createRewards(deps.bus),
      banking: createBanking(deps.bus),
    }),
  };
}
