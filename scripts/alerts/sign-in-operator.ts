import { DEMO_OPERATOR } from '../platform/demo-accounts.ts';
import { createRestClient, type RestClient } from '../platform/rest-client.ts';
import type { Stage } from './stage.ts';

/** A person decides: machines may look at much, and no more. */
export async function signInOperator({ client, proxied }: Stage): Promise<RestClient> {
  const { platform } = proxied;
  const { email } = DEMO_OPERATOR;
  const password = platform.secrets().demoPasswords[email];
  const answer = await client.post('/v1/auth/login', { email, password });
  const { accessToken } = client.expect<{ accessToken: string }>(answer, 200, 201);
  return createRestClient(platform.dev().gatewayUrl, accessToken);
}
