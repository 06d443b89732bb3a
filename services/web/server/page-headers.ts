/**
 * What a page may load: our own files, nothing else. No inline script but those few that are named
 * by their hash, and no inline style but those that carry the nonce of this very answer (dialogs
 * lock scrolling with such a style).
 */
const policyWith = (nonce: string, scriptHashes: readonly string[]): string =>
  [
    "default-src 'none'",
    ["script-src 'self'", ...scriptHashes].join(' '),
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** The headers of an HTML page. */
export const pageHeaders = (
  nonce: string,
  scriptHashes: readonly string[],
): Record<string, string> => ({
  'content-security-policy': policyWith(nonce, scriptHashes),
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
});

/** Files whose name holds a hash never change; what keeps the others has to be asked for anew. */
function cachingOf(path: string): string {
  if (path.startsWith('/assets/')) return 'public, max-age=31536000, immutable';
  return path === '/sw.js' ? 'no-cache' : 'public, max-age=300';
}

export const fileHeaders = (path: string): Record<string, string> => ({
  'cache-control': cachingOf(path),
  'x-content-type-options': 'nosniff',
});
