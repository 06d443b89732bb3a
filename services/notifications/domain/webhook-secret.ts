import { createHmac, randomBytes } from 'node:crypto';

/** Standard Webhooks 1.0: a symmetric secret is 24 to 64 bytes in base64 behind this prefix. */
const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

export const newWebhookSecret = (): Buffer => randomBytes(SECRET_BYTES);

export const webhookSecretText = (secret: Buffer): string =>
  `${PREFIX}${secret.toString('base64')}`;

export interface SignedDelivery {
  id: string;
  timestampSeconds: number;
  body: string;
}

/**
 * The signatures of a delivery, one for each secret that is valid now, separated by spaces: who
 * has not taken over the new secret yet still finds one that fits.
 */
export function webhookSignature(
  secrets: readonly Buffer[],
  { id, timestampSeconds, body }: SignedDelivery,
): string {
  const content = `${id}.${timestampSeconds}.${body}`;
  return secrets
    .map((secret) => `v1,${createHmac('sha256', secret).update(content).digest('base64')}`)
    .join(' ');
}
