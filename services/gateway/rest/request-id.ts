const SANE = /^[A-Za-z0-9._:/+=@-]{1,128}$/;

/** Names requests: as the client does when that is safe to log and to send back, else anew. */
export function createRequestNaming(instanceId: string) {
  let count = 0;
  return (header: string | string[] | undefined): string =>
    typeof header === 'string' && SANE.test(header)
      ? header
      : `${instanceId}-${(++count).toString(36)}`;
}
