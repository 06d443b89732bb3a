interface Credentials {
  clientId: string;
  clientSecret: string;
}

/** Each half is form-encoded before they are joined (RFC 6749 §2.3.1). */
function decodeHalf(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

/** Reads `Authorization: Basic`. Undefined for another scheme or what can't be read. */
export function basicCredentials(authorization: string): Credentials | undefined {
  const [, encoded] = /^basic ([A-Za-z0-9+/=_-]{1,2000})$/i.exec(authorization.trim()) ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) return undefined;
  const clientId = decodeHalf(text.slice(0, colon));
  const clientSecret = decodeHalf(text.slice(colon + 1));
  if (!clientId || clientSecret === undefined) return undefined;
  return { clientId, clientSecret };
}
