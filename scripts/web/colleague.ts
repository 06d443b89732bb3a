import type { DevFile } from '../platform/dev-file.ts';
import { createRestClient, type RestClient } from '../platform/rest-client.ts';

interface Person {
  email: string;
  password: string;
}

/** Signed in as one of the demo people, or as anybody. */
export async function signedIn(dev: DevFile, who: Person): Promise<RestClient> {
  const stranger = createRestClient(dev.gatewayUrl);
  const { email, password } = who;
  const login = await stranger.post('/v1/auth/login', { email, password });
  const { accessToken } = stranger.expect<{ accessToken: string }>(login, 200);
  return createRestClient(dev.gatewayUrl, accessToken);
}

/** A second operator: what needs four eyes needs somebody else. */
export async function makeColleague(dev: DevFile, operator: Person): Promise<Person> {
  const colleague = { email: 'otto@florin.dev', password: `${operator.password} of Otto` };
  const admin = await signedIn(dev, operator);
  await admin.post('/v1/auth/register', { ...colleague, name: 'Otto Operator' });
  const path = `/v1/admin/users?email=${encodeURIComponent(colleague.email)}`;
  const { items } = admin.expect<{ items: { id: string }[] }>(await admin.get(path), 200);
  const roles = ['user', 'operator'];
  admin.expect(await admin.put(`/v1/admin/users/${items[0]?.id}/roles`, { roles }), 200);
  return colleague;
}
