// Asks for what every page of a signed-in person needs while the app itself is still on its way.
// The app takes each answer once (app/api/early-answers.ts).
(() => {
  const deviceId = localStorage.getItem('florin.device');
  const refreshed = navigator.locks.request('florin.session', () =>
    fetch('/session/refresh', { method: 'POST', credentials: 'same-origin' }),
  );
  const token = refreshed.then(async (answer) =>
    answer.status === 200 ? (await answer.clone().json()).accessToken : undefined,
  );
  const read = async (path) => {
    const bearer = await token;
    if (bearer === undefined || deviceId === null) return undefined;
    const headers = { authorization: `Bearer ${bearer}`, 'x-device-id': deviceId };
    return fetch(path, { headers });
  };
  const answers = new Map([['POST /session/refresh', refreshed]]);
  for (const path of ['/v1/me', '/v1/wallets?limit=100']) answers.set(`GET ${path}`, read(path));
  // Whoever takes an answer hears of its failure.
  for (const answer of answers.values()) answer.catch(() => undefined);
  globalThis.florinEarly = { answers, askedAtMs: Date.now() };
})();
