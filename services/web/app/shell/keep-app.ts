import { whenIdle } from '../ui/when-idle.ts';

/**
 * Has the browser keep the app for when there is no connection (public/sw.js). It is renewed with
 * each visit, so that what is kept is never much older than what was used last.
 */
export async function keepApp(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  await whenIdle();
  await navigator.serviceWorker.register('/sw.js');
  const { active } = await navigator.serviceWorker.ready;
  active?.postMessage('renew', []);
}
