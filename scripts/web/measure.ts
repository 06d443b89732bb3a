import { gzipSync } from 'node:zlib';
import type { Page, Response } from 'playwright-core';
import type { DemoUser } from '../platform/demo-data.ts';
import { startScratchPlatform } from '../platform/scratch-platform.ts';
import { launchChromium, newVisitor, signIn } from './visitor.ts';

/**
 * What people wait for: the JavaScript of each page when it is the first one (gzipped, in kB), and
 * the time to its largest paint on a processor four times slower over a fast 3G line.
 */

const LIMIT_KB = 200;
const SLOW_CPU = 4;
/** Bytes a second and milliseconds, as the developer tools of browsers define "Fast 3G". */
const FAST_3G = { downloadThroughput: 180_000, uploadThroughput: 84_375, latency: 563 };

const STRANGERS = ['/sign-in', '/sign-up'];
const PEOPLE = ['/', '/activity', '/send', '/deposit', '/notifications', '/settings'];
const STAFF = ['/console', '/console/reviews', '/console/wallets', '/console/flags'];

await using platform = await startScratchPlatform({ demo: true });
await using browser = await launchChromium();
const { webUrl, users } = platform.dev();
const personOf = (name: string): DemoUser =>
  users.find(({ email }) => email.startsWith(name)) as DemoUser;

const PAINTED = `new Promise((resolve) => {
  new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime))
    .observe({ type: 'largest-contentful-paint', buffered: true });
})`;

/** Bytes of all scripts that the page has loaded, each gzipped as it would travel. */
async function scriptsOf(page: Page, path: string): Promise<number> {
  let bytes = 0;
  const bodies: Promise<void>[] = [];
  const count = (response: Response): void => {
    if (!response.url().endsWith('.js')) return;
    bodies.push(response.body().then((body) => void (bytes += gzipSync(body).length)));
  };
  page.on('response', count);
  await page.goto(path);
  await page.locator('main h1').first().waitFor();
  // What comes later was not waited for.
  page.off('response', count);
  await Promise.all(bodies);
  return bytes;
}

async function measure(path: string, who?: DemoUser): Promise<number> {
  await using visitor = await newVisitor(browser, webUrl);
  const { page, context } = visitor;
  if (who) await signIn(page, who);
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  const kilobytes = (await scriptsOf(page, path)) / 1000;
  await session.send('Network.emulateNetworkConditions', { offline: false, ...FAST_3G });
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOW_CPU });
  await page.goto(path);
  await page.locator('main h1').first().waitFor();
  const paintedMs = await page.evaluate<number>(PAINTED);
  console.log(
    `${path.padEnd(18)} ${kilobytes.toFixed(1).padStart(6)} kB   ` +
      `${(paintedMs / 1000).toFixed(1)} s to the largest paint`,
  );
  return kilobytes;
}

const sizes: number[] = [];
for (const path of STRANGERS) sizes.push(await measure(path));
for (const path of PEOPLE) sizes.push(await measure(path, personOf('ana')));
for (const path of STAFF) sizes.push(await measure(path, personOf('operator')));
const first = Math.max(...sizes.slice(0, STRANGERS.length + 1));
if (first > LIMIT_KB) throw new Error(`the first load has ${first} kB of scripts`);
