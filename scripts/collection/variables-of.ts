/** As much of a running platform's file as a collection needs. */
export interface RunningPlatform {
  gatewayUrl: string;
  users: { email: string; password: string }[];
  oauthClient: { clientId: string; clientSecret: string };
}

/** What the environment of the collection leaves open, for one running platform. */
export function variablesOf({
  gatewayUrl,
  users,
  oauthClient,
}: RunningPlatform): Record<string, string> {
  const operator = users.find(({ email }) => email.startsWith('operator@'));
  if (operator === undefined) throw new Error('this platform has no demo operator');
  return {
    baseUrl: gatewayUrl.replace(/\/$/, ''),
    operatorEmail: operator.email,
    operatorPassword: operator.password,
    ...oauthClient,
  };
}
