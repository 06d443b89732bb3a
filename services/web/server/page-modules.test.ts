import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PAGE_MODULES, pageModuleOf } from './page-modules.ts';

test('no page of the router is missing, and none is told of that it has not', () => {
  const router = readFileSync(new URL('../app/router.tsx', import.meta.url), 'utf8');
  const routed = Array.from(
    router.matchAll(/import\('\.\/(.+-page\.tsx)'\)/g),
    ([, path]) => `app/${path}`,
  );
  expect(new Set(PAGE_MODULES)).toEqual(new Set(routed));
});

test.each([
  ['/', 'app/wallet/home-page.tsx'],
  ['/wallets/0192', 'app/wallet/wallet-page.tsx'],
  ['/console/reviews', 'app/console/reviews-page.tsx'],
  ['/console/reviews/0192', 'app/console/review-page.tsx'],
  ['/wallets', undefined],
  ['/wallets/0192/more', undefined],
  ['/../../etc/passwd', undefined],
])('%s has the page %s', (path, module) => {
  expect(pageModuleOf(path)).toBe(module);
});
