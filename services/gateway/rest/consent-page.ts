export interface AuthorizationRequest {
  clientId: string;
  redirectUri: string;
  scope: string | undefined;
  state: string | undefined;
  codeChallenge: string;
}

interface Consent {
  request: AuthorizationRequest;
  /** The application, as it was registered. */
  name: string;
  scopes: readonly string[];
  email?: string;
  problem?: string;
}

const escape = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

const MEANINGS: Record<string, string> = {
  'wallets:read': 'see your wallets and their balances',
  'wallets:write': 'open, freeze and close wallets',
  'transactions:read': 'see your transactions',
  'transactions:write': 'move your money',
  webhooks: 'be told when something happens in your wallets',
};

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:4rem auto;padding:0 1rem}' +
  'label{display:block;margin:.75rem 0}input{width:100%;font:inherit;padding:.5rem;' +
  'box-sizing:border-box}button{font:inherit;padding:.5rem 1rem;margin:.5rem .5rem 0 0}' +
  '[role=alert]{color:#a40000}';

const pageOf = (title: string, content: string): string =>
  '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
  '<meta name="viewport" content="width=device-width,initial-scale=1">' +
  `<title>${escape(title)}</title><style>${STYLE}</style></head>` +
  `<body><main><h1>${escape(title)}</h1>${content}</main></body></html>`;

const hidden = (name: string, value: string | undefined): string =>
  value === undefined
    ? ''
    : `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`;

const field = (label: string, attributes: string): string =>
  `<label>${escape(label)}<input ${attributes}></label>`;

/** Who asks for what, and where one agrees to it. */
export function consentPage({ request, name, scopes, email = '', problem }: Consent): string {
  const list = scopes.map((scope) => `<li>${escape(MEANINGS[scope] ?? scope)}</li>`).join('');
  const alert = problem === undefined ? '' : `<p role="alert">${escape(problem)}</p>`;
  const fields = [
    hidden('response_type', 'code'),
    hidden('client_id', request.clientId),
    hidden('redirect_uri', request.redirectUri),
    hidden('scope', request.scope),
    hidden('state', request.state),
    hidden('code_challenge', request.codeChallenge),
    hidden('code_challenge_method', 'S256'),
    field('E-mail', `name="email" type="email" autocomplete="username" value="${escape(email)}"`),
    field('Password', 'name="password" type="password" autocomplete="current-password"'),
    field('Code of your authenticator app, if you use one', 'name="totp" autocomplete="off"'),
    '<button name="decision" value="approve">Sign in and allow</button>',
    '<button name="decision" value="deny" formnovalidate>Don’t allow</button>',
  ].join('');
  const target = escape(new URL(request.redirectUri).host);
  return pageOf(
    `${name} asks for access to your wallets`,
    `<p>It wants to:</p><ul>${list}</ul><p>You will be sent back to ${target}.</p>${alert}` +
      `<form method="post" action="/oauth/authorize">${fields}</form>`,
  );
}

export const mistakePage = (text: string): string =>
  pageOf('This does not work', `<p>${escape(text)}</p>`);
