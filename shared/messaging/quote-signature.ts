import { NO_LANE, QUOTE_TYPE, quoteText, type Quote, type SignedQuote } from '@florin/contracts';
import type { SignedFields, Signer, Verifier } from './signing.ts';

const fieldsOf = (quote: Quote): SignedFields => ({
  ...NO_LANE,
  messageId: quote.id,
  type: QUOTE_TYPE,
  body: quoteText(quote),
});

/** Puts the word of whoever signs on a quote. */
export function signQuote(sign: Signer, quote: Quote): SignedQuote {
  const { signature, time } = sign(fieldsOf(quote));
  return { ...quote, signature, signedAt: time };
}

/** Whether banking promised exactly this: no other service may, whatever it can sign. */
export function isGenuineQuote(verify: Verifier, quote: SignedQuote): boolean {
  const { signature, signedAt } = quote;
  const signed = verify(fieldsOf(quote), { signature, time: signedAt });
  return signed.ok && signed.value.service === 'banking';
}
