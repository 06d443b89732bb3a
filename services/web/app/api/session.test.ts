import { createFlorinClient } from '@florin/client';
import { describe, expect, test } from 'vitest';
import { createSession } from './session.ts';

/** A server that hands out numbered tokens and remembers what it was asked. */
function fakeServer() {
  const asked: string[] = [];
  let answer = (): Response =>
    Response.json({ accessToken: `token-${asked.length}`, expiresIn: 60 });
  let nowMs = 0;
  const { request } = createFlorinClient({
    baseUrl: '',
    fetch: async (path) => {
      asked.push(path);
      return answer();
    },
  });
  const session = createSession({
    request,
    exclusively: async (work) => work(),
    nowMs: () => nowMs,
  });
  return {
    session,
    asked,
    pass: (ms: number) => (nowMs += ms),
    answerWith: (next: () => Response) => (answer = next),
  };
}

describe('the refresh token is used once, however many ask', () => {
  test('ten requests at the start of a page renew once', async () => {
    const { session, asked } = fakeServer();
    const tokens = await Promise.all(Array.from({ length: 10 }, () => session.token()));
    expect(new Set(tokens)).toEqual(new Set(['token-1']));
    expect(asked).toEqual(['/session/refresh']);
  });

  test('a token is used until shortly before its end, then replaced', async () => {
    const { session, asked, pass } = fakeServer();
    await session.token();
    pass(29_000);
    expect(await session.token()).toBe('token-1');
    pass(2000);
    expect(await session.token()).toBe('token-2');
    expect(asked).toHaveLength(2);
  });

  test('a refused token that was replaced meanwhile is not replaced again', async () => {
    const { session, asked } = fakeServer();
    const first = (await session.token()) as string;
    expect(await session.token(first)).toBe('token-2');
    expect(await session.token(first)).toBe('token-2');
    expect(asked).toHaveLength(2);
  });
});

describe('the end of a session is noticed once and for all', () => {
  test('no cookie means signed out, and nobody is asked again', async () => {
    const { session, asked, answerWith } = fakeServer();
    answerWith(() => new Response(null, { status: 204 }));
    const states: string[] = [];
    session.subscribe((state) => states.push(state));
    expect(await session.token()).toBeUndefined();
    expect(await session.token()).toBeUndefined();
    expect(asked).toHaveLength(1);
    expect(states).toEqual(['signed-out']);
  });

  test('an overloaded server ends no session', async () => {
    const { session, answerWith } = fakeServer();
    answerWith(() => Response.json({ code: 'overloaded' }, { status: 503 }));
    await expect(session.token()).rejects.toMatchObject({ code: 'overloaded' });
    answerWith(() => Response.json({ accessToken: 'back', expiresIn: 60 }));
    expect(await session.token()).toBe('back');
  });

  test('signing out holds even when the server can not be told', async () => {
    const { session, answerWith } = fakeServer();
    await session.token();
    answerWith(() => {
      throw new TypeError('network');
    });
    await expect(session.signOut()).rejects.toMatchObject({ name: 'Unreachable' });
    expect(session.state()).toBe('signed-out');
  });
});
