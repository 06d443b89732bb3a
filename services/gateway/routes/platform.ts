import type { Health, HealthReport } from '@florin/runtime';
import { z } from 'zod';
import { route, type Answer, type Route } from '../rest/route.ts';

interface PlatformRouteDeps {
  health: Pick<Health, 'live' | 'ready'>;
  /** Both are written once from the route table, in which they appear themselves. */
  openApi(): string;
  docsPage(): string;
}

const healthView = z.object({ ok: z.boolean(), problems: z.record(z.string(), z.string()) });
const HEALTH_ANSWERS = {
  200: { description: 'Yes', schema: healthView },
  503: { description: 'No', schema: healthView },
} as const;

const SHARED = { method: 'GET', tag: 'Platform', access: 'public' } as const;

/** The page loads nothing from anywhere, not even a script of ours. */
const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
  'referrer-policy': 'no-referrer',
  'cache-control': 'public, max-age=300',
};

const answerHealth = (report: HealthReport): Answer => ({
  status: report.ok ? 200 : 503,
  body: report,
});

export function platformRoutes({ health, openApi, docsPage }: PlatformRouteDeps): Route[] {
  return [
    route({
      ...SHARED,
      path: '/livez',
      summary: 'Is the process alive?',
      answers: HEALTH_ANSWERS,
      handle: () => answerHealth(health.live()),
    }),
    route({
      ...SHARED,
      path: '/readyz',
      summary: 'Should the process get requests?',
      answers: HEALTH_ANSWERS,
      handle: () => answerHealth(health.ready()),
    }),
    route({
      ...SHARED,
      path: '/openapi.json',
      summary: 'This description',
      answers: { 200: { description: 'OpenAPI 3.1' } },
      handle: () => ({
        status: 200,
        body: openApi(),
        headers: { 'cache-control': 'public, max-age=300' },
      }),
    }),
    route({
      ...SHARED,
      path: '/docs',
      summary: 'This description for people',
      answers: { 200: { description: 'A page', contentType: 'text/html' } },
      handle: () => ({
        status: 200,
        body: docsPage(),
        contentType: 'text/html; charset=utf-8',
        headers: PAGE_HEADERS,
      }),
    }),
  ];
}
