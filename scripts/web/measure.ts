import { gzipSync } from 'node:zlib';
import type { DemoUser } from '../platform/demo-data.ts';
import { startScratchPlatform } from '../platform/scratch-platform.ts';
import { PEOPLE, STAFF, STRANGERS } from './pages.ts';
import { launchChromium, newVisitor, signIn } from './visitor.ts';

/**
 * What people wait for: the JavaScript of each page when it is the first one (gzipped, in kB), and
 * the times to its first and largest paint on a processor four times slower over fast 3G.
 */

const LIMIT_KB = 200;
const SLOW_CPU = 4;
/** Bytes a second and milliseconds, as the developer tools of browsers define "Fast 3G". */
const FAST_3G = { downloadThroughput: 180_000, uploadThroughput: 84_375, latency: 563 };

await using platform = await startScratchPlatform({ demo: true });
await using browser = await launchChromium();
const { webUrl, users } = platform.dev();
const personOf = (name: string): DemoUser =>
  users.find(({ email }) => email.startsWith(name)) as DemoUser;

const PAINTED = `new Promise((resolve) => {
  new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime))
    .observe({ type: 'largest-contentful-paint', buffered: true });
})`;
const FIRST_PAINTED = `performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0`;

const SCRIPT = /(?:src|href)="(\/assets\/[^"]+\.js)"/g;

/**
 * Bytes of the scripts that the server names in a page, gzipped: all that it needs to show itself.
 * What is fetched when the browser is idle, toasts and charts, is not among them.
 */
async function firstLoadOf(path: string): Promise<number> {
  const headers = { 'accept-language': 'en-US' };
  const html = await (await fetch(new URL(path, webUrl), { headers })).text();
  const urls = new Set(Array.from(html.matchAll(SCRIPT), ([, url = '']) => url));
  if (urls.size === 0) throw new Error(`${path} names no script`);
  const bodies = [...urls].map(async (url) => (await fetch(new URL(url, webUrl))).bytes());
  const files = await Promise.all(bodies);
  return files.reduce((bytes, file) => bytes + gzipSync(file).length, 0);
}

async function measure(path: string, who?: DemoUser): Promise<number> {
  await using visitor = await newVisitor(browser, webUrl);
  const { page, context } = visitor;
  if (who) await signIn(page, who);
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  const kilobytes = (await firstLoadOf(path)) / 1000;
  await session.send('Network.emulateNetworkConditions', { offline: false, ...FAST_3G });
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOW_CPU });
  await page.goto(path);
  await page.locator('main h1').first().waitFor();
  const firstMs = await page.evaluate<number>(FIRST_PAINTED);
  const paintedMs = await page.evaluate<number>(PAINTED);
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
  console.log(
    `${path.slice(0, 18).padEnd(18)} ${kilobytes.toFixed(1).padStart(6)} kB   ` +
      `first paint ${seconds(firstMs)}, largest ${seconds(paintedMs)}`,
  );
  return kilobytes;
}

const sizes: number[] = [];
for (const path of STRANGERS) sizes.push(await measure(path));
const ofAna = [...PEOPLE, `/wallets/${personOf('ana').walletIds[0]}`];
for (const path of ofAna) sizes.push(await measure(path, personOf('ana')));
for (const path of STAFF) sizes.push(await measure(path, personOf('operator')));
const largest = Math.max(...sizes);
if (largest > LIMIT_KB) throw new Error(`a page has ${largest} kB of scripts`);
