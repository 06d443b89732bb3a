import { LEDGER_REQUESTS, PAYMENT_REQUEST_REQUESTS } from '@florin/contracts';
import { request } from '@florin/messaging';
import { pollWork, type Service } from '@florin/runtime';
import { createPaymentRequestUseCases } from './manage-payment-requests.ts';
import { createResendAcceptances } from './resend-acceptances.ts';
import type { PartDeps, ServicePart } from './service-part.ts';
import { createSettlePaymentRequests } from './settle-payment-requests.ts';

/** Payment requests between people: asked, answered, paid, or over. */
export function startPaymentRequests(service: Service, deps: PartDeps): ServicePart {
  const { clock, log, metrics, onStop } = service;
  const { db, bus, desk, config, onTold } = deps;
  const { pollMs: everyMs, claimMs } = config;
  const requests = createSettlePaymentRequests({ db, clock, metrics, onTold });
  const resend = createResendAcceptances({ db, desk, settle: requests.settle, clock, claimMs });
  const expiring = pollWork({
    name: 'ending payment requests',
    everyMs,
    log,
    async doSome() {
      const more = await requests.expireSome();
      onTold();
      return more;
    },
  });
  onStop('expiry of payment requests', () => expiring.stop());
  const resending = pollWork({ name: 'sending acceptances again', everyMs, log, doSome: resend });
  onStop('acceptances', () => resending.stop());

  async function lookUp(id: string): Promise<void> {
    const { transaction } = await request(bus, LEDGER_REQUESTS.getTransaction, { id });
    if (transaction !== null) await requests.settle([transaction]);
  }
  const useCases = createPaymentRequestUseCases({
    db,
    clock,
    key: Buffer.from(config.secretsKey, 'base64url'),
    limits: {
      openMax: config.requestsOpenMax,
      openPerPayerMax: config.requestsPerPayerMax,
      perDayMax: config.requestsPerDayMax,
    },
    claimMs,
    lookUp,
    onTold,
  });
  return { settle: requests.settle, contracts: PAYMENT_REQUEST_REQUESTS, useCases };
}
