import type { FlagVariant } from '@florin/contracts';
import type { DevFile } from '../platform/dev-file.ts';
import { createRestClient } from '../platform/rest-client.ts';

/** Sets the flag as an operator would, through the API. */
export async function setScoring(
  { gatewayUrl, users }: Pick<DevFile, 'gatewayUrl' | 'users'>,
  variant: FlagVariant,
): Promise<void> {
  const { email, password } = users.find(({ roles }) => roles.includes('operator')) ?? {};
  const stranger = createRestClient(gatewayUrl);
  const login = await stranger.post('/v1/auth/login', { email, password });
  const { accessToken } = stranger.expect<{ accessToken: string }>(login, 200);
  const answer = await fetch(new URL('/v1/admin/flags/fraud-scoring', gatewayUrl), {
    method: 'PUT',
    headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ variant }),
  });
  if (!answer.ok) throw new Error(`the flag could not be set: ${answer.status}`);
}
