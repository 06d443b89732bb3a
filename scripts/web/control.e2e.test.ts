import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DemoUser } from '../platform/demo-data.ts';
import type { Platform } from '../platform/platform.ts';
import { startScratchPlatform } from '../platform/scratch-platform.ts';
import { makeColleague } from './colleague.ts';
import { findChromium } from './find-chromium.ts';
import { confirmTransfer, fillTransfer } from './money-moves.ts';
import { launchChromium, newVisitor, signIn, type Visitor } from './visitor.ts';

const missing = findChromium() === undefined;

let platform: Platform;
let browser: Browser;

const personOf = (name: string): DemoUser =>
  platform.dev().users.find(({ email }) => email.startsWith(name)) as DemoUser;

async function visitAs(user: { email: string; password: string }): Promise<Visitor> {
  const visitor = await newVisitor(browser, platform.dev().webUrl);
  await signIn(visitor.page, user);
  return visitor;
}

const dialogOf = (page: Page) => page.getByRole('dialog');
const confirm = (page: Page, name: string): Promise<void> =>
  page.getByRole('alertdialog').getByRole('button', { name }).click();

beforeAll(async () => {
  if (missing) return;
  platform = await startScratchPlatform({
    demo: true,
    fraudScoring: 'off',
    serviceEnv: { banking: { STATEMENT_TOLERANCE: '1s' } },
  });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await platform?.stop();
});

describe.skipIf(missing)('operators steer the platform', () => {
  test('hunts a correction that one person alone can book', async () => {
    const operator = personOf('operator');
    const walletId = personOf('ben').walletIds[0] ?? '';
    await using staff = await visitAs(operator);
    const { page } = staff;
    await page.goto(`/wallets/${walletId}`);
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Correct the balance' }).click();
    await dialogOf(page)
      .getByText(/available$/)
      .waitFor();
    await dialogOf(page).getByLabel('Amount').fill('12.34');
    await dialogOf(page).getByLabel('Reason').fill('A fee was taken twice');
    await dialogOf(page).getByRole('button', { name: 'Propose' }).click();
    await page.getByText('Waits for a colleague').waitFor();
    expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);

    await using other = await visitAs(await makeColleague(platform.dev(), operator));
    await other.page.goto('/console/adjustments');
    await other.page.getByRole('button', { name: 'Approve' }).click();
    await other.page.getByRole('alertdialog').getByLabel('Note').fill('Seen in the log');
    await confirm(other.page, 'Approve');
    await other.page.getByText('Nothing waits').waitFor();
    await page.getByLabel('Show').selectOption('approved');
    await page.getByText('Seen in the log').waitFor();
    expect([...staff.complaints, ...other.complaints]).toEqual([]);
  });

  test('a fee is set, asked for, changed, and removed again', async () => {
    await using staff = await visitAs(personOf('operator'));
    await using payer = await visitAs(personOf('ana'));
    const { page } = staff;
    await page.goto('/console/fees');
    await page.getByRole('button', { name: 'New fee' }).click();
    await dialogOf(page).getByLabel('Fixed').fill('0.30');
    await dialogOf(page).getByLabel('Percent').fill('1.5');
    await dialogOf(page).getByRole('button', { name: 'Set it' }).click();
    await page.getByText('$0.30 + 1.5%').waitFor();
    await fillTransfer(payer.page, personOf('ben').email, '10');
    await payer.page.getByText('$0.45').first().waitFor();
    await confirmTransfer(payer.page);
    await payer.page.getByRole('heading', { name: 'Sent' }).waitFor();

    await page.getByRole('button', { name: 'Change: Transfers, USD' }).click();
    expect(await dialogOf(page).getByLabel('Percent').inputValue()).toBe('1.50');
    await dialogOf(page).getByLabel('Percent').fill('');
    await dialogOf(page).getByRole('button', { name: 'Set it' }).click();
    await page.getByText('$0.30', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Remove: Transfers, USD' }).click();
    await confirm(page, 'Remove it');
    await page.getByText('Everything is free').waitFor();
    await page.getByText('Version 3').waitFor();
    expect([...staff.complaints, ...payer.complaints]).toEqual([]);
  });

  test('a reward is promised, paused, gone on with, and ended for good', async () => {
    await using staff = await visitAs(personOf('operator'));
    const { page } = staff;
    await page.goto('/console/reward-rules');
    await page.getByRole('button', { name: 'Bring money in' }).click();
    await dialogOf(page).getByLabel('Amount').fill('50');
    await dialogOf(page).getByLabel('From bank account').fill('ok');
    await dialogOf(page).getByRole('button', { name: 'Bring money in' }).click();
    await page.getByText('$50.00').waitFor();
    await page.getByRole('button', { name: 'New rule' }).click();
    await dialogOf(page).getByLabel('Name').fill('Back to school');
    await dialogOf(page).getByLabel('Percent of each payment').fill('1.5');
    await dialogOf(page).getByLabel('Budget of all').fill('25');
    await dialogOf(page).getByRole('button', { name: 'Make it' }).click();
    await page.getByText('1.5% of what you pay in USD comes back.').waitFor();
    await page.getByRole('button', { name: 'Pause Back to school' }).click();
    await page.getByText('Paused').waitFor();
    await page.getByRole('button', { name: 'Go on with Back to school' }).click();
    await page.getByText('In force').waitFor();
    await page.getByRole('button', { name: 'End Back to school' }).click();
    await confirm(page, 'End it');
    await page.getByText('Over', { exact: true }).waitFor();
    expect(staff.complaints).toEqual([]);
  });

  test('positions are valued when somebody asks', async () => {
    await using staff = await visitAs(personOf('operator'));
    const { page } = staff;
    await page.goto('/console/positions');
    const asked = page.waitForResponse(/\/v1\/admin\/fx\/positions$/);
    await page.getByRole('button', { name: 'Revalue' }).click();
    expect((await asked).status()).toBe(200);
    await page.getByText(/^Valued at the rates of/).waitFor();
    expect(staff.complaints).toEqual([]);
  });

  test('what a bank has booked and we have not is found, and settled by two people', async () => {
    const { bankSimulatorUrl } = platform.dev();
    const planted = await fetch(new URL('/control/banks/ok/slips', bankSimulatorUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        kind: 'extra',
        reference: 'nobody-asked',
        direction: 'credit',
        amount: '4200',
        currency: 'USD',
      }),
    });
    expect(planted.status).toBeLessThan(300);
    await using staff = await visitAs(personOf('operator'));
    const { page } = staff;
    await page.goto('/console/breaks');
    const found = page.getByRole('listitem').filter({ hasText: 'nobody-asked' });
    // Until its other side may no longer come it is no difference.
    await expect
      .poll(
        async () => {
          await page.getByRole('button', { name: 'Ask the banks now' }).click();
          return found.count();
        },
        { timeout: 30_000, interval: 1000 },
      )
      .toBe(1);
    await found.getByRole('button', { name: 'Settle' }).click();
    await dialogOf(page).getByLabel('How').selectOption('explain');
    await dialogOf(page).getByLabel('Note').fill('Interest, booked by hand');
    await dialogOf(page).getByRole('button', { name: 'Propose' }).click();
    await found.getByText('Waits for a colleague').waitFor();
    const colleague = await makeColleague(platform.dev(), personOf('operator'));
    await using other = await visitAs(colleague);
    await other.page.goto('/console/breaks');
    await other.page.getByText('Interest, booked by hand').waitFor();
    const theirs = other.page.getByRole('listitem').filter({ hasText: 'nobody-asked' });
    await theirs.getByRole('button', { name: 'Approve' }).click();
    await confirm(other.page, 'Approve');
    await theirs.waitFor({ state: 'detached' });
    await other.page.getByLabel('Show').selectOption('resolved');
    await theirs.getByText('Explained').waitFor();
    expect([...staff.complaints, ...other.complaints]).toEqual([]);
  });

  test('every partition is there, and what is put aside is dealt with', async () => {
    await using staff = await visitAs(personOf('operator'));
    const { page } = staff;
    await page.goto('/console');
    await page.getByText('Everything asked for is decided.').waitFor();
    await page.getByText('No. 15', { exact: true }).waitFor();
    await page.goto('/console/dead-letters');
    await page.getByText('Nothing was put aside').waitFor();
    // Nobody sends such a message to a platform that is well.
    const letter = {
      id: 'dlq-7',
      reader: 'notifications-events',
      at: new Date().toISOString(),
      place: 'evt.03.a-wallet.transaction-completed 41',
      reason: 'TerminalError: not a batch of events of ledger',
      retryable: true,
      removable: true,
    };
    const answer = { json: { items: [letter], nextCursor: null } };
    await page.route('**/v1/admin/dead-letters', (route) => route.fulfill(answer));
    await page.reload();
    await page.getByText(letter.reason).waitFor();
    await page.getByRole('button', { name: 'Handle again' }).click();
    await page.getByText('It stays where it is').first().waitFor();
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('alertdialog').getByText('Remove this message?').waitFor();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
    expect(staff.complaints).toEqual([]);
  });
});
