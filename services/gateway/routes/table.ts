import { renderDocsPage } from '../rest/docs-page.ts';
import { describeRoutes } from '../rest/openapi.ts';
import type { Route } from '../rest/route.ts';
import { adjustmentRoutes } from './adjustments.ts';
import { adminRoutes } from './admin.ts';
import { apiKeyRoutes } from './api-keys.ts';
import { applicationRoutes } from './applications.ts';
import { auditRoutes } from './audit.ts';
import { balanceMonitorRoutes } from './balance-monitors.ts';
import { authRoutes } from './auth.ts';
import { bankAccountRoutes } from './bank-accounts.ts';
import { bankWebhookRoutes } from './bank-webhooks.ts';
import { authorizeRoutes } from './authorize.ts';
import { bulkFileRoutes } from './bulk-files.ts';
import { bulkRoutes } from './bulk.ts';
import { conversionRoutes } from './conversions.ts';
import { currencyRoutes } from './currencies.ts';
import { deadLetterRoutes } from './dead-letters.ts';
import { decisionRoutes } from './decisions.ts';
import { feeRoutes } from './fees.ts';
import { flagRoutes } from './flags.ts';
import { positionRoutes } from './fx-positions.ts';
import { holdRoutes } from './holds.ts';
import { kycRoutes } from './kyc.ts';
import { liveRoutes } from './live.ts';
import { notificationRoutes } from './notifications.ts';
import { custodyRoutes } from './custody.ts';
import { meRoutes } from './me.ts';
import { oauthRoutes } from './oauth.ts';
import { paymentRoutes } from './payments.ts';
import { paymentRequestRoutes } from './payment-requests.ts';
import { overdraftRoutes } from './overdrafts.ts';
import { platformRoutes } from './platform.ts';
import { reversalRoutes } from './reversals.ts';
import { reviewRoutes } from './reviews.ts';
import { rewardRoutes } from './rewards.ts';
import { rewardRuleRoutes } from './reward-rules.ts';
import { scheduleRoutes } from './scheduled-transfers.ts';
import { splitRoutes } from './splits.ts';
import { transactionRoutes } from './transactions.ts';
import { userRoutes } from './users.ts';
import { breakRoutes } from './statement-breaks.ts';
import { statementRoutes } from './statements.ts';
import { walletHistoryRoutes } from './wallet-history.ts';
import { walletRoutes } from './wallets.ts';
import { webhookRoutes } from './webhooks.ts';

type DepsOf<F extends (deps: never) => Route[]> = Parameters<F>[0];

export type RouteDeps = DepsOf<typeof paymentRoutes> &
  DepsOf<typeof bulkRoutes> &
  DepsOf<typeof splitRoutes> &
  DepsOf<typeof overdraftRoutes> &
  DepsOf<typeof adjustmentRoutes> &
  DepsOf<typeof holdRoutes> &
  DepsOf<typeof reversalRoutes> &
  DepsOf<typeof conversionRoutes> &
  DepsOf<typeof currencyRoutes> &
  DepsOf<typeof positionRoutes> &
  DepsOf<typeof transactionRoutes> &
  DepsOf<typeof scheduleRoutes> &
  DepsOf<typeof paymentRequestRoutes> &
  DepsOf<typeof bulkFileRoutes> &
  DepsOf<typeof walletRoutes> &
  DepsOf<typeof walletHistoryRoutes> &
  DepsOf<typeof authRoutes> &
  DepsOf<typeof meRoutes> &
  DepsOf<typeof apiKeyRoutes> &
  DepsOf<typeof oauthRoutes> &
  DepsOf<typeof authorizeRoutes> &
  DepsOf<typeof custodyRoutes> &
  DepsOf<typeof applicationRoutes> &
  DepsOf<typeof userRoutes> &
  DepsOf<typeof kycRoutes> &
  DepsOf<typeof liveRoutes> &
  DepsOf<typeof webhookRoutes> &
  DepsOf<typeof notificationRoutes> &
  DepsOf<typeof balanceMonitorRoutes> &
  DepsOf<typeof bankAccountRoutes> &
  DepsOf<typeof bankWebhookRoutes> &
  DepsOf<typeof rewardRoutes> &
  DepsOf<typeof rewardRuleRoutes> &
  DepsOf<typeof adminRoutes> &
  DepsOf<typeof auditRoutes> &
  DepsOf<typeof deadLetterRoutes> &
  DepsOf<typeof statementRoutes> &
  DepsOf<typeof breakRoutes> &
  DepsOf<typeof feeRoutes> &
  DepsOf<typeof flagRoutes> &
  DepsOf<typeof reviewRoutes> &
  DepsOf<typeof decisionRoutes> &
  Pick<DepsOf<typeof platformRoutes>, 'health'>;

/** Calculates a value when it is first asked for. */
function once<T>(calculate: () => T): () => T {
  let value: { is: T } | undefined;
  return () => (value ??= { is: calculate() }).is;
}

/** Every route of the API. The busiest stand first, because express looks from the top. */
export function createRoutes(deps: RouteDeps): Route[] {
  const openApi = once(() => describeRoutes(routes));
  const routes: Route[] = [
    ...paymentRoutes(deps),
    ...bulkRoutes(deps),
    ...splitRoutes(deps),
    ...overdraftRoutes(deps),
    ...adjustmentRoutes(deps),
    ...holdRoutes(deps),
    ...reversalRoutes(deps),
    ...conversionRoutes(deps),
    ...currencyRoutes(deps),
    ...walletRoutes(deps),
    ...transactionRoutes(deps),
    ...scheduleRoutes(deps),
    ...paymentRequestRoutes(deps),
    ...bulkFileRoutes(deps),
    ...walletHistoryRoutes(deps),
    ...authRoutes(deps),
    ...meRoutes(deps),
    ...apiKeyRoutes(deps),
    ...oauthRoutes(deps),
    ...authorizeRoutes(deps),
    ...custodyRoutes(deps),
    ...applicationRoutes(deps),
    ...userRoutes(deps),
    ...kycRoutes(deps),
    ...liveRoutes(deps),
    ...webhookRoutes(deps),
    ...notificationRoutes(deps),
    ...balanceMonitorRoutes(deps),
    ...bankAccountRoutes(deps),
    ...bankWebhookRoutes(deps),
    ...rewardRoutes(deps),
    ...rewardRuleRoutes(deps),
    ...adminRoutes(deps),
    ...positionRoutes(deps),
    ...auditRoutes(deps),
    ...deadLetterRoutes(deps),
    ...statementRoutes(deps),
    ...breakRoutes(deps),
    ...feeRoutes(deps),
    ...flagRoutes(deps),
    ...reviewRoutes(deps),
    ...decisionRoutes(deps),
    ...platformRoutes({
      health: deps.health,
      openApi: once(() => JSON.stringify(openApi())),
      docsPage: once(() => renderDocsPage(openApi())),
    }),
  ];
  return routes;
}
