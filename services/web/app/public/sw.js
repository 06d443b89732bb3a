// Keeps the app itself for when the connection is gone: its page and its files, never an answer of
// the API. What somebody owns is shown fresh or not at all.

const CACHE = 'florin-app';
/** The page is the same under every address. */
const SHELL = '/';
const KEEP_MS = 30 * 24 * 3_600_000;

const isFile = ({ pathname }) =>
  pathname.startsWith('/assets/') || /^\/(icon|manifest)[\w.-]*$/.test(pathname);

const filesOf = (html) =>
  Array.from(
    html.matchAll(/(?:src|href)="(\/(?:assets\/|icon|manifest)[^"]+)"/g),
    ([, path]) => path,
  );

/** The page as it is now, with all that it names. */
async function keepShell() {
  const cache = await caches.open(CACHE);
  const answer = await fetch(SHELL, { cache: 'no-store' });
  if (!answer.ok) return;
  const html = await answer.clone().text();
  await cache.put(SHELL, answer);
  const kept = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname));
  await cache.addAll(filesOf(html).filter((path) => !kept.has(path)));
}

/** Files of versions that nobody has had for a month. */
async function forgetOld() {
  const cache = await caches.open(CACHE);
  for (const request of await cache.keys()) {
    const answer = await cache.match(request);
    const date = Date.parse(answer?.headers.get('date') ?? '');
    if (Date.now() - date > KEEP_MS) await cache.delete(request);
  }
}

async function pageFor(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(SHELL);
    if (kept === undefined) throw error;
    return kept;
  }
}

/** A file whose name holds a hash of it is the same for ever. */
async function fileFor(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept !== undefined) return kept;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}

self.addEventListener('install', (event) => {
  event.waitUntil(keepShell().then(() => self.skipWaiting()));
});
self.addEventListener('activate', (event) => {
  event.waitUntil(forgetOld().then(() => self.clients.claim()));
});
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (request.mode === 'navigate') event.respondWith(pageFor(request));
  else if (isFile(url)) event.respondWith(fileFor(request));
});
// The page that is kept is renewed once the app stands, not while somebody waits for it.
self.addEventListener('message', (event) => {
  if (event.data === 'renew') event.waitUntil(keepShell().catch(() => undefined));
});
