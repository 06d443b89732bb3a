import {
  PROVIDER_WEBHOOK_BYTES_MAX,
  providerWebhookQuery,
  providerWebhookView,
} from '@florin/contracts';
import { z } from 'zod';
import type { Banking } from '../adapters/banking.ts';
import { refusal } from '../domain/refusal.ts';
import { route, type Route } from '../rest/route.ts';

interface BankWebhookRouteDeps {
  banking: Pick<Banking, 'hearProvider'>;
}

const signed = z.object({ payload: z.string(), signature: z.string() });

/** Where payment providers tell what has happened. Banking knows the secrets, not the gateway. */
export const bankWebhookRoutes = ({ banking }: BankWebhookRouteDeps): Route[] => [
  route({
    method: 'POST',
    path: '/v1/bank-webhooks',
    tag: 'Platform',
    summary: 'Webhooks of payment providers',
    description:
      'The body is checked as it came against `Stripe-Signature`. It makes a payment looked at ' +
      'sooner: what it says is asked of the provider. The same one again is as good as once.',
    access: 'public',
    query: providerWebhookQuery,
    signed: { header: 'stripe-signature', bytesMax: PROVIDER_WEBHOOK_BYTES_MAX },
    body: signed,
    answers: { 200: { description: 'Heard', schema: providerWebhookView } },
    problems: ['not-found', 'unauthenticated'],
    async handle({ query: { bank }, body: { payload, signature } }) {
      const heard = await banking.hearProvider({ bank, payload, signature });
      if (heard.ok) return { status: 200, body: { received: true } };
      return heard.code === 'not-found'
        ? refusal('not-found', `there is no provider ${bank}`)
        : refusal('unauthenticated', 'the signature is not of this body, or too old');
    },
  }),
];
