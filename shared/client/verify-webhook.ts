import { Webhook } from 'standardwebhooks';

/** What a webhook tells; the same shapes as those of `GET /v1/events`. */
export interface WebhookEvent {
  readonly type: string;
  /** RFC 3339 */
  readonly timestamp: string;
  readonly data: unknown;
}

/**
 * Reads a delivery after checking who has sent it, by Standard Webhooks. Deliveries may come twice:
 * remember `webhook-id`.
 * @param secret as it was shown when the webhook was made (`whsec_…`)
 * @param headers of the request; `webhook-id`, `webhook-timestamp`, `webhook-signature` are needed
 * @param body the text of the request as it came, not parsed and written anew
 * @throws WebhookVerificationError when it is not from Florin, was changed, or is older than 5 min
 */
export const verifyWebhook = (
  secret: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): WebhookEvent => new Webhook(secret).verify(body, { ...headers }) as WebhookEvent;
