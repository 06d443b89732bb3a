import type { DevFile } from './dev-file.ts';

/** What a person wants to know once Florin runs. */
export function readyTable(dev: DevFile, dir: string, after: string): string {
  const rows: [string, string][] = [
    ['Web app', dev.webUrl],
    ['REST API', `${dev.gatewayUrl}   reference at /docs`],
    ['Bank simulator', dev.bankSimulatorUrl],
    ...dev.users.map(({ email, password, roles }): [string, string] => [
      roles.includes('operator') ? 'Operator' : 'Demo login',
      `${email}   ${password}`,
    ]),
    ['Machine client', `${dev.oauthClient.clientId}   ${dev.oauthClient.clientSecret}`],
    ['Everything else', `${dir}/dev.json, logs in ${dir}/logs`],
    ['To stop', 'Ctrl-C (state is kept; npm start -- --fresh begins anew)'],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `  ${name.padEnd(width)}   ${value}`);
  return ['', `Florin is ready after ${after}`, '', ...lines, ''].join('\n');
}
