import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A gateway that knows one person and one operator, and remembers who asked how. */
export async function startGatewayDouble() {
  let pairs = 0;
  const live = new Set<string>();
  const asked: { path: string; forwardedFor: string; userAgent: string }[] = [];
  const events = new Set<ServerResponse>();

  const newPair = () => {
    const refreshToken = `refresh-${++pairs}`;
    live.add(refreshToken);
    return { accessToken: `access-${pairs}`, refreshToken, tokenType: 'Bearer', expiresIn: 60 };
  };
  const problem = (response: ServerResponse, status: number, code: string): void => {
    response.writeHead(status, { 'content-type': 'application/problem+json' });
    response.end(JSON.stringify({ type: '', title: '', status, code, detail: '', traceId: '' }));
  };
  const answer = (response: ServerResponse, body: unknown): void => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { headers, url = '' } = request;
    const forwardedFor = String(headers['x-forwarded-for']);
    asked.push({ path: url, forwardedFor, userAgent: String(headers['user-agent']) });
    let text = '';
    for await (const piece of request) text += String(piece);
    const body = (text === '' ? {} : JSON.parse(text)) as Record<string, string>;
    if (url === '/v1/auth/login') {
      return body['password'] === 'right'
        ? answer(response, newPair())
        : problem(response, 401, 'invalid-credentials');
    }
    if (url === '/v1/auth/refresh') {
      return live.delete(body['refreshToken'] ?? '')
        ? answer(response, newPair())
        : problem(response, 401, 'token-reused');
    }
    if (url === '/v1/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': hello\n\n');
      return void events.add(response);
    }
    if (url === '/v1/me') {
      const roles = headers.authorization === 'Bearer operator' ? ['operator'] : ['user'];
      const id = '0192f0c1-7a4b-7cc3-98c4-dc0c0c07398f';
      const flags = { emailVerified: true, twoFactor: false };
      return answer(response, { id, email: 'a@b.c', name: 'A', roles, kycLevel: 0, ...flags });
    }
    return answer(response, { path: url, body });
  }

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    tell: (text: string) => {
      for (const response of events) response.write(text);
    },
    async stop(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
