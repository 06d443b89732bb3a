import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core';
import { CHROMIUM_MISSING, findChromium } from './find-chromium.ts';

/** Chromium's sandbox needs a user of its own: root has to do without. */
const ARGS = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(CHROMIUM_MISSING);
  return chromium.launch({ executablePath, args: [...ARGS, '--disable-dev-shm-usage'] });
}

export interface Visitor extends AsyncDisposable {
  page: Page;
  context: BrowserContext;
  /** What the browser complained about: broken policies, faults of ours. */
  complaints: string[];
}

/** Answers that are part of the play: the console of the browser counts them as errors. */
const EXPECTED = new RegExp(
  [
    'status of (401|404|409|422|429|503)',
    'ERR_(INTERNET_DISCONNECTED|CONNECTION_FAILED)',
    'Unreachable: no answer',
  ].join('|'),
);

/** Somebody with a browser of their own. */
export async function newVisitor(
  browser: Browser,
  baseURL: string,
  options: BrowserContextOptions = {},
): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL,
    locale: 'en-US',
    // It would answer before tests that break connections see a request.
    serviceWorkers: 'block',
    ...options,
  });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' && !EXPECTED.test(text)) complaints.push(text);
  });
  return { page, context, complaints, [Symbol.asyncDispose]: () => context.close() };
}

export async function signIn(page: Page, who: { email: string; password: string }): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(who.email);
  await page.getByLabel('Password').fill(who.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: /^Hello/ }).waitFor();
}
