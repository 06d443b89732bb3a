import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createParts, PartsProvider } from './api/parts.ts';
import { preloadSchemas } from './i18n/schema-resolver.ts';
import { startI18n } from './i18n/start-i18n.ts';
import { createAppRouter } from './router.tsx';
import { followOtherTabs } from './session/other-tabs.ts';
import { keepApp } from './shell/keep-app.ts';
import './styles.css';

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content;
if (nonce !== undefined) setNonce(nonce);

const parts = createParts();
const router = createAppRouter(parts);
followOtherTabs(parts.session);
parts.session.subscribe((state) => {
  void router.invalidate().then(() => {
    // What one person saw is no business of the next.
    if (state === 'signed-out') parts.queryClient.clear();
  });
});

/** By then even a page without its data says more than the picture before it. */
const SHOWN_AT_LATEST_MS = 1200;

await startI18n();
await Promise.race([
  router.load(),
  new Promise((resolve) => setTimeout(resolve, SHOWN_AT_LATEST_MS)),
]);
const root = document.querySelector('#root');
if (root === null) throw new Error('the page has no root');
createRoot(root).render(
  <StrictMode>
    <PartsProvider value={parts}>
      <QueryClientProvider client={parts.queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </PartsProvider>
  </StrictMode>,
);
preloadSchemas();
// Without it everything works but the start without a connection.
void keepApp().catch(() => undefined);
