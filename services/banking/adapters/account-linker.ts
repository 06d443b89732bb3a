import { BankFault, bankFaultOf } from './bank-fault.ts';
import { request } from 'undici';
import { z } from 'zod';
import { accountReference } from './account-reference.ts';

const text = z.string().min(1).max(500);

const created = z.object({ link_token: text, expiration: z.iso.datetime() });
const exchanged = z.object({
  access_token: text,
  account: z.object({
    institution: z.string().max(100),
    name: z.string().max(100),
    mask: z.string().max(10),
  }),
  reference: accountReference,
});
export type ProvenAccount = z.output<typeof exchanged>;

/**
 * A provider that lets people prove which bank accounts are theirs, in a page of its own: nobody's
 * passwords come near us. Shaped after Plaid: a link token opens its page, the page gives the
 * browser a public token, which is exchanged once for what the account is known by.
 * All of it throws BankFault when the provider gave no proper answer.
 */
export interface AccountLinker {
  createToken(ownerId: string, bank: string): Promise<{ linkToken: string; expiresAt: string }>;
  /** Undefined when the tokens don't belong together, are over, or were exchanged before. */
  exchange(linkToken: string, publicToken: string): Promise<ProvenAccount | undefined>;
  /** Ends what the provider may do there. One that it does not know any more has ended, too. */
  remove(accessToken: string): Promise<void>;
}

interface LinkerOptions {
  url: string;
  /** Proves to the provider who asks. */
  secret: string | undefined;
  requestTimeoutMs: number;
}

const NAME = 'account-linking';
const REFUSED = new Set([400, 404, 422]);

export function createAccountLinker(options: LinkerOptions): AccountLinker {
  const { url, secret, requestTimeoutMs } = options;
  const base = url.replace(/\/$/, '');

  async function call(path: string, body: object): Promise<unknown> {
    try {
      const response = await request(base + path, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(secret !== undefined && { authorization: `Bearer ${secret}` }),
        },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(requestTimeoutMs),
      });
      const answer: unknown = await response.body.json();
      if (response.statusCode === 200) return answer;
      if (REFUSED.has(response.statusCode)) return undefined;
      throw new BankFault(`${NAME} answered ${response.statusCode}`, true);
    } catch (error) {
      throw error instanceof BankFault ? error : bankFaultOf(NAME, error);
    }
  }

  function read<S extends z.ZodType>(schema: S, answer: unknown): z.output<S> {
    const parsed = schema.safeParse(answer);
    if (parsed.success) return parsed.data;
    throw new BankFault(`${NAME} answered in other words`, true, { cause: parsed.error });
  }

  return {
    async createToken(ownerId, bank) {
      const answer = await call('/link/token/create', { client_user_id: ownerId, bank });
      const { link_token: linkToken, expiration: expiresAt } = read(created, answer);
      return { linkToken, expiresAt };
    },
    async exchange(linkToken, publicToken) {
      const tokens = { link_token: linkToken, public_token: publicToken };
      const answer = await call('/item/public_token/exchange', tokens);
      return answer === undefined ? undefined : read(exchanged, answer);
    },
    async remove(accessToken) {
      await call('/item/remove', { access_token: accessToken });
    },
  };
}
