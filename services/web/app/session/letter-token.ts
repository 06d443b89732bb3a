/** The token of a letter's link. It stands behind the #, so that no server ever logs it. */
export const letterToken = (): string =>
  new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
