import { LANE_TYPES, type LaneMessage } from '@florin/contracts';
import { unreachable } from '@florin/kernel';
import type { Book } from './book.ts';
import type { Asked, Undecidable } from './asked.ts';
import type { Changes } from './changes.ts';
import { decideAdjustment, decideProposal } from './decide-adjustment.ts';
import { decideBulk } from './decide-bulk.ts';
import { decideFollowUp } from './decide-follow-up.ts';
import { decideHoldExpiry } from './decide-hold-expiry.ts';
import { decideOrder } from './decide-order.ts';
import { decideReview } from './decide-review.ts';
import { decideRewardReversal } from './decide-reward.ts';
import { decideSettlement } from './decide-settlement.ts';
import { decideTransferCredit } from './decide-transfer-credit.ts';
import { decideTransferSettlement } from './decide-transfer-settlement.ts';
import { decideWalletLimits, decideWalletOpening, decideWalletStatus } from './decide-wallet.ts';
import { decideWalletOverdraft } from './decide-wallet-overdraft.ts';
import { isUsedElsewhere, refuseReusedKey } from './reused-key.ts';

/**
 * Decides one message of a lane: changes the book, notes what changed, and answers. The same book,
 * message and time always give the same decision. A refusal is a decision like any other.
 */
export function decide(
  book: Book,
  message: LaneMessage,
  asked: Asked,
  changes: Changes,
): Undecidable | undefined {
  if (isUsedElsewhere(book, message)) {
    refuseReusedKey(message, asked, changes);
    return undefined;
  }
  switch (message.type) {
    case LANE_TYPES.transactionInitiated:
      return decideOrder(book, message.id, message.data, asked, changes);
    case LANE_TYPES.bulkInitiated:
      return decideBulk(book, message.id, message.data, asked, changes);
    case LANE_TYPES.followUpInitiated:
      return decideFollowUp(book, message.id, message.data, asked, changes);
    case LANE_TYPES.rewardInitiated:
      return decideOrder(book, message.id, message.data, asked, changes);
    case LANE_TYPES.rewardReversalInitiated:
      return decideRewardReversal(book, message.id, message.data, asked, changes);
    case LANE_TYPES.expireHold:
      return decideHoldExpiry(book, message.data, asked, changes);
    case LANE_TYPES.settleTransaction:
      return decideSettlement(book, message.data, asked, changes);
    case LANE_TYPES.creditTransfer:
      return decideTransferCredit(book, message.data, asked, changes);
    case LANE_TYPES.settleTransfer:
      return decideTransferSettlement(book, message.data, asked, changes);
    case LANE_TYPES.decideReview:
      return decideReview(book, message.id, message.data, asked, changes);
    case LANE_TYPES.openWallet:
      return decideWalletOpening(book, message.id, message.data, asked, changes);
    case LANE_TYPES.changeWalletStatus:
      return decideWalletStatus(book, message.id, message.data, asked, changes);
    case LANE_TYPES.changeWalletLimits:
      return decideWalletLimits(book, message.data, changes);
    case LANE_TYPES.changeWalletOverdraft:
      return decideWalletOverdraft(book, message.id, message.data, asked, changes);
    case LANE_TYPES.proposeAdjustment:
      return decideProposal(book, message.id, message.data, asked, changes);
    case LANE_TYPES.decideAdjustment:
      return decideAdjustment(book, message.id, message.data, asked, changes);
    default:
      return unreachable(message);
  }
}
