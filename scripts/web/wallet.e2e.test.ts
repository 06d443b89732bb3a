import { uuidv7 } from '@florin/kernel';
import type { Browser, Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { DemoUser } from '../platform/demo-data.ts';
import type { Platform } from '../platform/platform.ts';
import { startScratchPlatform } from '../platform/scratch-platform.ts';
import { CHROMIUM_MISSING, findChromium } from './find-chromium.ts';
import { addMoney, confirmTransfer, fillTransfer } from './money-moves.ts';
import { timeCode } from './time-code.ts';
import { launchChromium, newVisitor, signIn, type Visitor } from './visitor.ts';

const missing = findChromium() === undefined;
if (missing) console.warn(`the web app is not tested: ${CHROMIUM_MISSING}`);

let platform: Platform;
let browser: Browser;
let url: string;
let ana: DemoUser;
let ben: DemoUser;
const visitors: Visitor[] = [];

beforeAll(async () => {
  if (missing) return;
  // People who have just come look like frauds. What happens then is tested with the console.
  platform = await startScratchPlatform({ demo: true, fraudScoring: 'off' });
  browser = await launchChromium();
  const { webUrl, users } = platform.dev();
  url = webUrl;
  [ana, ben] = ['ana', 'ben'].map((name) => users.find(({ email }) => email.startsWith(name))) as [
    DemoUser,
    DemoUser,
  ];
});
afterAll(async () => {
  await browser?.close();
  await platform?.stop();
});
/** Every test hunts this, too: a page that breaks its own policy or throws. */
afterEach(async () => {
  const complaints = visitors.flatMap((visitor) => visitor.complaints);
  for (const visitor of visitors.splice(0)) await visitor[Symbol.asyncDispose]();
  expect(complaints).toEqual([]);
});

async function visit(options?: Parameters<typeof newVisitor>[2]): Promise<Visitor> {
  const visitor = await newVisitor(browser, url, options);
  visitors.push(visitor);
  return visitor;
}

async function asAna(options?: Parameters<typeof newVisitor>[2]): Promise<Visitor> {
  const visitor = await visit(options);
  await signIn(visitor.page, ana);
  return visitor;
}

/** What somebody hears who moves through the page without seeing it. */
const FOCUSED_LABEL = `(() => {
  const focused = document.activeElement;
  return focused?.labels?.[0]?.textContent ?? focused?.textContent ?? '';
})()`;
const PASSWORD = 'three small brown owls';
const newEmail = (): string => `${uuidv7()}@example.com`;

async function signUp({ page }: Visitor, email: string, name = 'Cleo'): Promise<void> {
  await page.goto('/sign-up');
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('heading', { name: `Hello, ${name}` }).waitFor();
}

/** What the API says: the page may say what it likes. */
async function paymentsOf(user: DemoUser): Promise<{ amount: string; status: string }[]> {
  const { gatewayUrl } = platform.dev();
  const login = await fetch(new URL('/v1/auth/login', gatewayUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: user.email, password: user.password }),
  });
  const { accessToken } = (await login.json()) as { accessToken: string };
  const list = await fetch(new URL('/v1/transactions?type=transfer&limit=100', gatewayUrl), {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  return ((await list.json()) as { items: { amount: string; status: string }[] }).items;
}

const countOf = async (amount: string): Promise<number> =>
  (await paymentsOf(ana)).filter((payment) => payment.amount === amount).length;

describe.skipIf(missing)('from a stranger to a customer', () => {
  test('a journey from signing up to the statement meets no dead end', async () => {
    const visitor = await visit();
    const { page } = visitor;
    await signUp(visitor, newEmail());

    await page.getByRole('button', { name: 'Open wallet' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Travel');
    await page.getByRole('dialog').getByRole('button', { name: 'Open wallet' }).click();
    await page.getByText('Put some money in').waitFor();

    await addMoney(page, '250.50');
    await fillTransfer(page, ben.email, '20.25');
    await confirmTransfer(page);
    await page.getByRole('heading', { name: 'Sent' }).waitFor();
    await page.getByText('$230.25').waitFor();

    await page.getByRole('link', { name: 'See details' }).click();
    await page.getByRole('heading', { name: 'In your books' }).waitFor();
    expect(await page.getByRole('table').textContent()).toContain('-$20.25');

    await page.goto('/activity');
    await page.getByRole('link', { name: /Money added/ }).waitFor();
    await page.getByRole('searchbox').fill('20.25');
    await page.getByRole('link', { name: /Money added/ }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: /Sent.*-\$20\.25/ }).waitFor();

    await page.goto('/');
    await page.getByRole('link', { name: /Travel.*\$230\.25/ }).click();
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Statement' }).click();
    await page.getByLabel('Format').selectOption('csv');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download' }).click();
    expect((await download).suggestedFilename()).toMatch(/^Travel-.*\.csv$/);

    await page.goto('/settings');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
    await page.goto('/activity');
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  });

  test('a wrong password is told, and opens nothing', async () => {
    const { page } = await visit();
    await page.goto('/sign-in?next=/activity');
    await page.getByLabel('E-mail').fill(ana.email);
    await page.getByLabel('Password').fill('not her password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('E-mail or password is wrong.').waitFor();
    await page.getByLabel('Password').fill(ana.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Activity' }).waitFor();
  });

  test('a second factor is asked for once it is on, and its codes get in', async () => {
    const visitor = await visit();
    const { page } = visitor;
    const email = newEmail();
    await signUp(visitor, email);
    await page.goto('/settings');
    await page.getByRole('button', { name: 'Switch on' }).click();
    const secret = (await page.locator('code').textContent()) ?? '';
    await page.getByRole('img', { name: /QR code/ }).waitFor();
    await page.getByLabel('Code that the app shows').fill(timeCode(secret, Date.now()));
    await page.getByRole('button', { name: 'Switch on' }).click();
    await page.getByText('Keep these recovery codes').waitFor();
    const recovery = (await page.locator('ul.font-mono li').first().textContent()) ?? '';
    await page.getByRole('button', { name: 'I have kept them' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor();

    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByLabel('Code from your authenticator').fill('000000');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Password or code is wrong.').waitFor();
    await page.getByLabel('Code from your authenticator').fill(recovery);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: /^Hello/ }).waitFor();
  });

  test('a day later the session goes on without a sign-in', async () => {
    const { page } = await visit();
    await page.clock.install();
    await signIn(page, ana);
    const refreshed = page.waitForResponse((answer) => answer.url().endsWith('/session/refresh'));
    await page.clock.fastForward('24:00:00');
    expect((await refreshed).status()).toBe(200);
    await page.getByRole('link', { name: 'Activity' }).first().click();
    await page.getByRole('heading', { name: 'Activity' }).waitFor();
  });
});

describe.skipIf(missing)('money moves once and is seen at once', () => {
  test('two people paying each other see it without doing anything', async () => {
    const [one, other] = [await asAna(), await visit()];
    await signIn(other.page, ben);
    await fillTransfer(one.page, ben.email, '11.11');
    await confirmTransfer(one.page);
    await other.page.getByRole('link', { name: /Received.*\+\$11\.11/ }).waitFor();
    await one.page.goto('/');
    await fillTransfer(other.page, ana.email, '2.22');
    await confirmTransfer(other.page);
    await one.page.getByRole('link', { name: /Received.*\+\$2\.22/ }).waitFor();
  });

  test('a double click pays once', async () => {
    const { page } = await asAna();
    await fillTransfer(page, ben.email, '3.01');
    await page.getByRole('button', { name: 'Send now' }).dblclick();
    await page.getByRole('heading', { name: 'Sent' }).waitFor();
    expect(await countOf('301')).toBe(1);
  });

  test('an answer that got lost on the way is asked for again, and paid once', async () => {
    const { page } = await asAna();
    let lost = 0;
    await page.route('**/v1/transfers', async (route: Route) => {
      // The order arrives; its answer does not.
      if (lost++ > 0) return route.continue();
      await route.fetch();
      return route.abort('connectionfailed');
    });
    await fillTransfer(page, ben.email, '3.02');
    await confirmTransfer(page);
    await page.getByRole('heading', { name: 'Sent' }).waitFor();
    expect(lost).toBe(2);
    expect(await countOf('302')).toBe(1);
  });

  test('even a reload in the middle pays once', async () => {
    const { page } = await asAna();
    await page.route('**/v1/transfers', async (route: Route) => {
      await route.fetch();
      await route.abort('connectionfailed');
    });
    await fillTransfer(page, ben.email, '3.03');
    const sent = page.waitForRequest('**/v1/transfers');
    await confirmTransfer(page);
    await sent;
    await page.goto('/send');
    await page.getByText('An earlier payment is unanswered').waitFor();
    // Not before: the page that was left asks again by itself, and would hear the answer.
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await page.getByRole('button', { name: 'Ask again' }).click();
    await page.getByRole('heading', { name: 'Sent' }).waitFor();
    expect(await countOf('303')).toBe(1);
  });

  test('a refusal says why, and the balance goes back where one sees it', async () => {
    const { page } = await asAna();
    await fillTransfer(page, ben.email, '900,000');
    await confirmTransfer(page);
    await page.getByRole('heading', { name: 'Not sent' }).waitFor();
    await page
      .getByRole('main')
      .getByText(/There is not enough money available: you have/)
      .waitFor();
    expect(await page.locator('[data-jolts="1"]').count()).toBe(1);
    await page.getByRole('button', { name: 'Change and try again' }).click();
    expect(await page.getByLabel('Amount').inputValue()).toBe('900,000');
  });

  test('without a connection it says so, and goes on when it is back', async () => {
    const { page, context } = await asAna();
    await context.setOffline(true);
    await page.getByText('You are offline').waitFor();
    await context.setOffline(false);
    await page.getByText('You are offline').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Activity' }).first().click();
    await page.getByRole('heading', { name: 'Activity' }).waitFor();
  });
});

describe.skipIf(missing)('the app without a connection', () => {
  test('starts from what was kept, no answer of the API, and goes on when it can', async () => {
    const { page, context } = await visit({ serviceWorkers: 'allow' });
    await signIn(page, ana);
    const kept = `caches.open('florin-app').then((cache) => cache.keys())
      .then((keys) => keys.map(({ url }) => new URL(url).pathname))`;
    await expect.poll(() => page.evaluate<string[]>(kept)).toContain('/');
    await expect
      .poll(() => page.evaluate<boolean>('navigator.serviceWorker.controller !== null'))
      .toBe(true);
    await context.setOffline(true);
    await page.goto('/activity');
    await page.getByRole('heading', { name: 'This could not be loaded' }).waitFor();
    await context.setOffline(false);
    await page.getByRole('heading', { name: 'Activity' }).waitFor();
    const paths = await page.evaluate<string[]>(kept);
    expect(paths.filter((path) => /^\/(v1|session|oauth)/.test(path))).toEqual([]);
  });
});

describe.skipIf(missing)('everybody can use it', () => {
  test('a payment needs no mouse', async () => {
    const { page } = await visit();
    await page.goto('/sign-in');
    const press = async (...keys: string[]): Promise<void> => {
      for (const key of keys) await page.keyboard.press(key);
    };
    /** As somebody does who sees where they are. */
    const tabTo = async (name: RegExp): Promise<void> => {
      for (let presses = 0; presses < 40; presses++) {
        const label = await page.evaluate<string>(FOCUSED_LABEL);
        if (name.test(label)) return;
        await press('Tab');
      }
      throw new Error(`no way to ${name} with the Tab key`);
    };
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await tabTo(/^E-mail/);
    await page.keyboard.type(ana.email);
    await tabTo(/^Password/);
    await page.keyboard.type(ana.password);
    await press('Enter');
    await page.getByRole('heading', { name: /^Hello/ }).waitFor();
    await tabTo(/^Skip to content/);
    await press('Enter');
    await tabTo(/^Send$/);
    await press('Enter');
    await page.getByRole('heading', { name: 'Send money' }).waitFor();
    await tabTo(/^Amount/);
    await page.keyboard.type('4.04');
    await tabTo(/^Their e-mail/);
    await page.keyboard.type(ben.email);
    await press('Enter');
    await page.getByRole('alertdialog').waitFor();
    await tabTo(/^Send now/);
    await press('Enter');
    await page.getByRole('heading', { name: 'Sent' }).waitFor();
    expect(await countOf('404')).toBe(1);
  });

  test('dark is followed, chosen, kept over a reload, and there before anything', async () => {
    const { page } = await visit({ colorScheme: 'dark' });
    const theme = () => page.evaluate<string>('document.documentElement.dataset.theme');
    await signIn(page, ana);
    expect(await theme()).toBe('dark');
    await page.goto('/settings');
    await page.getByText('Light', { exact: true }).click();
    expect(await theme()).toBe('light');
    await page.goto('/', { waitUntil: 'commit' });
    expect(await theme()).toBe('light');
  });

  test('German is spoken with German amounts, and the choice is kept', async () => {
    const { page } = await asAna();
    await page.goto('/settings');
    await page.getByText('Deutsch', { exact: true }).click();
    await page.getByRole('heading', { name: 'Einstellungen' }).waitFor();
    await page.goto('/send');
    await page.getByLabel('Betrag').fill('1.50');
    await page.getByRole('button', { name: 'Weiter' }).click();
    await page.getByText('Bitte den Betrag in Ziffern schreiben.').waitFor();
    await page.getByLabel('Betrag').fill('1,50');
    await page.getByLabel('Ihre oder seine E-Mail').fill(ben.email);
    await page.getByRole('button', { name: 'Weiter' }).click();
    await page.getByRole('alertdialog', { name: /1,50\s\$ senden/ }).waitFor();
    expect(await page.evaluate<string>('document.documentElement.lang')).toBe('de');
  });
});
