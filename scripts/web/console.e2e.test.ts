import { AxeBuilder } from '@axe-core/playwright';
import { createFlorinClient } from '@florin/client';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DemoUser } from '../platform/demo-data.ts';
import type { Platform } from '../platform/platform.ts';
import { startScratchPlatform } from '../platform/scratch-platform.ts';
import { findChromium } from './find-chromium.ts';
import { addMoney, confirmTransfer, fillTransfer } from './money-moves.ts';
import { PEOPLE, STAFF, STRANGERS } from './pages.ts';
import { launchChromium, newVisitor, signIn, type Visitor } from './visitor.ts';

/** One green pixel. */
const PICTURE =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9' +
  'awAAAABJRU5ErkJggg==';

const missing = findChromium() === undefined;

let platform: Platform;
let browser: Browser;
let ana: DemoUser;
let ben: DemoUser;
let operator: DemoUser;

const personOf = (name: string): DemoUser =>
  platform.dev().users.find(({ email }) => email.startsWith(name)) as DemoUser;

async function visitAs(
  user: DemoUser,
  options: Parameters<typeof newVisitor>[2] = {},
): Promise<Visitor> {
  const visitor = await newVisitor(browser, platform.dev().webUrl, options);
  await signIn(visitor.page, user);
  return visitor;
}

beforeAll(async () => {
  if (missing) return;
  platform = await startScratchPlatform({
    demo: true,
    fraudScoring: 'enforce',
    serviceEnv: { ledger: { WATCHDOG_DEADLINE: '300ms' } },
  });
  browser = await launchChromium();
  [ana, ben, operator] = ['ana', 'ben', 'operator'].map(personOf) as [DemoUser, DemoUser, DemoUser];
});
afterAll(async () => {
  await browser?.close();
  await platform?.stop();
});

/** In whole dollars. What demo people have paid each other may wait: by night it looks unusual. */
async function availableOf({ email, password, walletIds: [id = ''] }: DemoUser): Promise<number> {
  const { gatewayUrl: baseUrl } = platform.dev();
  const body = { email, password };
  const { accessToken } = await createFlorinClient({ baseUrl }).call('POST /v1/auth/login', {
    body,
  });
  const client = createFlorinClient({ baseUrl, credentials: { accessToken } });
  const { balances } = await client.call('GET /v1/wallets/{id}', { path: { id } });
  return Number(balances.available) / 100;
}

/** Sends it while nobody scores: what is large then waits for a person, by the rule of amounts. */
async function sendForReview(page: Page, amount: string): Promise<void> {
  const scorer = platform.pidOf('fraud') as number;
  process.kill(scorer, 'SIGSTOP');
  try {
    await fillTransfer(page, ben.email, amount);
    await confirmTransfer(page);
    await page.getByRole('heading', { name: 'Being checked' }).waitFor();
  } finally {
    process.kill(scorer, 'SIGCONT');
  }
}

describe.skipIf(missing)('operators steer what people see', () => {
  test('a payment that waits is approved, another declined, and the payer sees both', async () => {
    const before = await availableOf(ana);
    await using payer = await visitAs(ana);
    await using staff = await visitAs(operator);
    const { page } = staff;
    await sendForReview(payer.page, '310');

    await page.goto('/console/reviews');
    await page.getByRole('link', { name: '$310.00' }).click();
    await page.getByRole('heading', { name: 'Why it stands out' }).waitFor();
    await page.getByLabel('Note').fill('Called her: it is for the rent');
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('main').getByText('Approved', { exact: true }).waitFor();
    await page.getByText('Called her: it is for the rent').waitFor();
    await payer.page.getByRole('heading', { name: 'Sent' }).waitFor();

    await sendForReview(payer.page, '320');
    await page.goto('/console/reviews');
    await page.getByRole('link', { name: '$320.00' }).click();
    await page.getByRole('button', { name: 'Decline' }).click();
    await page.getByRole('main').getByText('Declined', { exact: true }).waitFor();
    await payer.page.getByRole('heading', { name: 'Not sent' }).waitFor();
    await payer.page.getByText(`$${before - 310}.00`).waitFor();
    expect([...payer.complaints, ...staff.complaints]).toEqual([]);
  });

  test('the scoring of payments is switched off after a question, and on again', async () => {
    await using staff = await visitAs(operator);
    await using payer = await visitAs(ana);
    const { page } = staff;
    await page.goto('/console/flags');
    await page.getByRole('radio', { name: /^Off/ }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('radio', { name: /^Enforce/, checked: true }).waitFor();
    await page.getByRole('radio', { name: /^Off/ }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Change it' }).click();
    await page.getByText('Scoring is now “Off”').first().waitFor();

    await fillTransfer(payer.page, ben.email, '330');
    await confirmTransfer(payer.page);
    await payer.page.getByRole('heading', { name: 'Sent' }).waitFor();
    await page.getByRole('radio', { name: /^Enforce/ }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Change it' }).click();
    await page.getByText('Scoring is now “Enforce”').first().waitFor();
    expect([...payer.complaints, ...staff.complaints]).toEqual([]);
  });

  test('what happens on the platform is on the overview while it happens', async () => {
    await using staff = await visitAs(operator);
    const { page } = staff;
    await page.goto('/console');
    await page.getByText('Live', { exact: true }).waitFor();
    await using payer = await visitAs(ben);
    await addMoney(payer.page, '5');
    await page.getByRole('link', { name: /Deposit.*\$5\.00.*Completed/ }).waitFor();
  });

  test('somebody’s wallet is frozen and thawed again', async () => {
    await using staff = await visitAs(operator);
    const { page } = staff;
    await page.goto(`/wallets/${ben.walletIds[0]}`);
    const choose = async (action: string): Promise<void> => {
      await page.getByRole('button', { name: 'More actions' }).click();
      await page.getByRole('menuitem', { name: action }).click();
      await page.getByRole('alertdialog').getByRole('button', { name: action }).click();
    };
    await choose('Freeze');
    await page.getByRole('main').getByText('Frozen', { exact: true }).waitFor();
    await choose('Unfreeze');
    await page.getByRole('main').getByText('Frozen', { exact: true }).waitFor({
      state: 'detached',
    });
  });

  test('a bank that is set to be down shuts deposits out, with a reason', async () => {
    await using staff = await visitAs(operator);
    const { page } = staff;
    await page.goto('/console/banks');
    const bank = page.getByRole('listitem').filter({ hasText: /^slow/ }).last();
    await bank.getByLabel('Behaviour').selectOption('declined');
    await using payer = await visitAs(ben);
    await payer.page.goto('/deposit');
    await payer.page.getByLabel('Amount').fill('6');
    await payer.page.getByRole('button', { name: 'slow', exact: true }).click();
    await payer.page.getByRole('main').getByRole('button', { name: 'Add money' }).click();
    await payer.page
      .getByRole('main')
      .getByText(/The bank said no/)
      .waitFor();
    await bank.getByLabel('Behaviour').selectOption('slow');
  });

  test('a document is handed in, looked at and accepted, and its owner may pay more', async () => {
    await using person = await visitAs(ben);
    await person.page.goto('/settings');
    const limit = person.page.getByText('A payment').locator('xpath=following-sibling::*');
    const before = await limit.textContent();
    await person.page.getByLabel('Picture or PDF').setInputFiles({
      name: 'passport.png',
      mimeType: 'image/png',
      buffer: Buffer.from(PICTURE, 'base64'),
    });
    await person.page.getByRole('button', { name: 'Hand in' }).click();
    await person.page.getByText('Being looked at').waitFor();

    await using staff = await visitAs(operator);
    await staff.page.goto('/console/documents');
    await staff.page.getByRole('button', { name: 'Look at it' }).click();
    await staff.page.getByRole('img', { name: /passport/ }).waitFor();
    await staff.page.getByLabel('Reason').fill('Clear and valid');
    await staff.page.getByRole('button', { name: 'Accept' }).click();
    await staff.page.getByText('Nothing here').waitFor();
    await person.page.reload();
    await person.page.getByText('Clear and valid').waitFor();
    expect(await limit.textContent()).not.toBe(before);
    expect([...person.complaints, ...staff.complaints]).toEqual([]);
  });

  test('the log is verified, and a payment is proven to be in it without our word', async () => {
    await using payer = await visitAs(ben);
    await addMoney(payer.page, '7');
    await payer.page.getByRole('link', { name: 'See details' }).click();
    await payer.page.getByRole('heading', { name: 'In your books' }).waitFor();
    const id = payer.page.url().split('/').at(-1) ?? '';
    await using staff = await visitAs(operator);
    const { page } = staff;
    await page.goto('/console/audit');
    await page.getByRole('button', { name: 'Verify all of it' }).click();
    await page.getByText('Nothing was changed').waitFor();
    await page.getByLabel('Transaction ID').fill(id);
    // Roots are signed every ten seconds: until the next one there is nothing to check against.
    await expect
      .poll(
        async () => {
          await page.getByRole('button', { name: 'Prove it' }).click();
          await page
            .getByText(/^(In the log, and signed|Not signed yet|There is no proof)/)
            .first()
            .waitFor();
          return page.getByText('In the log, and signed').count();
        },
        { timeout: 30_000, interval: 1000 },
      )
      .toBeGreaterThan(0);
    await page.getByLabel('Kind').selectOption('wallet-opened');
    await page.locator('summary').filter({ hasText: 'wallet opened' }).first().click();
    await page
      .locator('details[open]')
      .getByText(/SHA-256 [0-9a-f]{64}/)
      .waitFor();
    expect(staff.complaints).toEqual([]);
  });

  test('somebody is found by address and made staff, and sees the console then', async () => {
    await using staff = await visitAs(operator);
    const { page } = staff;
    await page.goto('/console/users');
    const find = async (email: string): Promise<void> => {
      await page.getByLabel('E-mail').fill(email);
      await page.getByRole('button', { name: 'Find' }).click();
    };
    await find('nobody@example.com');
    await page.getByText('Nobody has this address').waitFor();
    await find(ben.email);
    const change = async (): Promise<void> => {
      await page.getByLabel('Support').click();
      await page.getByRole('button', { name: 'Change roles' }).click();
      await page.getByRole('alertdialog').getByRole('button', { name: 'Change roles' }).click();
      await page.getByRole('button', { name: 'Change roles', disabled: true }).waitFor();
    };
    await change();
    await using person = await visitAs(ben);
    await person.page.goto('/console/documents');
    await person.page.getByRole('heading', { name: 'Documents' }).waitFor();
    await change();
  });

  test('a wallet is allowed to go below zero, and says so', async () => {
    await using staff = await visitAs(operator);
    const { page } = staff;
    await page.goto(`/wallets/${ben.walletIds[0]}`);
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Overdraft' }).click();
    await page.getByRole('dialog').getByLabel('At most').fill('25');
    await page.getByRole('dialog').getByLabel('Reason').fill('Salary comes late');
    await page.getByRole('button', { name: 'Set it' }).click();
    await page.getByText('May go below zero by').waitFor();
  });

  test('an application is registered, shows its secret once, and is removed', async () => {
    await using staff = await visitAs(operator);
    const { page } = staff;
    await page.goto('/console/applications');
    await page.getByRole('button', { name: 'Register an application' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Book keeper');
    await page.getByLabel('Where people come back to').fill('https://example.com/back');
    await page.getByRole('button', { name: 'Register', exact: true }).click();
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByText('Book keeper').waitFor();
    await page.getByRole('button', { name: 'Remove Book keeper' }).click();
    await page.getByRole('button', { name: 'Remove it' }).click();
    await page.getByText('No application yet').waitFor();
  });

  test('the model page tells what decided lately', async () => {
    await using staff = await visitAs(operator);
    const { page } = staff;
    await page.goto('/console/model');
    await page.getByText('Decides', { exact: true }).waitFor();
    await page.getByRole('heading', { name: 'How scores are spread' }).waitFor();
    expect(staff.complaints).toEqual([]);
  });

  test('the console is closed to whoever is no operator', async () => {
    await using person = await visitAs(ben);
    const { page } = person;
    await page.goto('/console/reviews');
    await page.getByRole('heading', { name: /^Hello/ }).waitFor();
    expect(await page.getByRole('link', { name: 'Reviews' }).count()).toBe(0);
  });
});

/** Everything has come: nothing is loading, and fonts are there. */
async function settled(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor();
  await page.locator('.animate-pulse-soft').first().waitFor({ state: 'detached' });
}

/** Where one comes to from: the list that the first link of such an address is found in. */
const LISTS: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  '/transactions/': (page) => page.goto('/'),
  async '/console/reviews/'(page) {
    await page.goto('/console/reviews');
    await page.getByLabel('Show').selectOption('any');
  },
};

async function firstLink(page: Page, begin: string): Promise<string> {
  await LISTS[begin]?.(page);
  const href = await page.locator(`main a[href^="${begin}"]`).first().getAttribute('href');
  return href ?? '';
}

async function barriersOn(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  );
}

const THEMES = ['light', 'dark'] as const;

describe.skipIf(missing)('every page is without barriers', () => {
  /** Judges a page by axe in both themes, and by whether it fits the smallest phone. */
  async function barriersAt(page: Page, path: string): Promise<string[]> {
    await page.goto(path);
    await settled(page);
    const barriers: string[] = [];
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      barriers.push(...(await barriersOn(page)).map((barrier) => `${colorScheme}: ${barrier}`));
    }
    await page.setViewportSize({ width: 320, height: 640 });
    // A chart follows its window a moment later.
    const fits = 'document.documentElement.scrollWidth <= 320';
    await page.waitForFunction(fits, undefined, { timeout: 3_000 }).catch(() => undefined);
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    if (width > 320) barriers.push(`${width} pixels wide on a screen of 320`);
    await page.setViewportSize({ width: 1280, height: 800 });
    return barriers;
  }

  /** What is wrong with any of the pages that somebody may open. */
  async function lookAtAll(who: DemoUser | undefined, paths: readonly string[]): Promise<void> {
    await using visitor = await newVisitor(browser, platform.dev().webUrl);
    const { page } = visitor;
    if (who !== undefined) await signIn(page, who);
    const found: Record<string, string[]> = {};
    for (const path of paths) {
      const address = path.startsWith('first ') ? await firstLink(page, path.slice(6)) : path;
      const barriers = await barriersAt(page, address);
      if (barriers.length > 0) found[path] = barriers;
    }
    expect(found).toEqual({});
    expect(visitor.complaints).toEqual([]);
  }

  test('axe finds nothing where strangers come, and each page fits 320 pixels', async () => {
    await lookAtAll(undefined, STRANGERS);
  }, 300_000);

  test('axe finds nothing where people come, and each page fits 320 pixels', async () => {
    const own = [`/wallets/${ana.walletIds[0]}`, 'first /transactions/'];
    await lookAtAll(ana, [...PEOPLE, ...own]);
  }, 300_000);

  test('axe finds nothing where operators come, and each page fits 320 pixels', async () => {
    await lookAtAll(operator, [...STAFF, 'first /console/reviews/']);
  }, 300_000);
});
