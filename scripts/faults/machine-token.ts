/** An access token of the machine client, fetched anew before it expires. */
export function machineToken(
  gatewayUrl: string,
  client: { clientId: string; clientSecret: string },
): () => Promise<string> {
  let current: Promise<{ token: string; untilMs: number }> | undefined;

  async function fetchToken(): Promise<{ token: string; untilMs: number }> {
    const response = await fetch(new URL('/oauth/token', gatewayUrl), {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: client.clientId,
        client_secret: client.clientSecret,
      }),
    });
    if (!response.ok) throw new TypeError(`no token: ${response.status}`);
    const body = (await response.json()) as { access_token: string; expires_in: number };
    return {
      token: body.access_token,
      untilMs: performance.now() + (body.expires_in - 60) * 1000,
    };
  }

  return async () => {
    const known = await current?.catch(() => undefined);
    if (known !== undefined && performance.now() < known.untilMs) return known.token;
    current = fetchToken();
    return (await current).token;
  };
}
