import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createFlorinClient } from '@florin/client';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { DemoUser } from '../platform/demo-data.ts';
import type { Platform } from '../platform/platform.ts';
import { createRestClient, type RestClient } from '../platform/rest-client.ts';
import { startScratchPlatform } from '../platform/scratch-platform.ts';
import { findChromium } from './find-chromium.ts';
import { confirmTransfer, fillTransfer } from './money-moves.ts';
import { launchChromium, newVisitor, signIn, type Visitor } from './visitor.ts';

const missing = findChromium() === undefined;

let platform: Platform;
let browser: Browser;
let ana: DemoUser;
let ben: DemoUser;
const visitors: Visitor[] = [];

beforeAll(async () => {
  if (missing) return;
  platform = await startScratchPlatform({ demo: true, fraudScoring: 'off' });
  browser = await launchChromium();
  const { users } = platform.dev();
  [ana, ben] = ['ana', 'ben'].map((name) => users.find(({ email }) => email.startsWith(name))) as [
    DemoUser,
    DemoUser,
  ];
});
afterAll(async () => {
  await browser?.close();
  await platform?.stop();
});
afterEach(async () => {
  const complaints = visitors.flatMap((visitor) => visitor.complaints);
  for (const visitor of visitors.splice(0)) await visitor[Symbol.asyncDispose]();
  expect(complaints).toEqual([]);
});

async function visitAs(user: DemoUser): Promise<Visitor> {
  const visitor = await newVisitor(browser, platform.dev().webUrl);
  visitors.push(visitor);
  await signIn(visitor.page, user);
  return visitor;
}

/** The API as somebody uses it without the app. */
async function clientOf({ email, password }: DemoUser): Promise<RestClient> {
  const { gatewayUrl } = platform.dev();
  const stranger = createRestClient(gatewayUrl);
  const login = await stranger.post('/v1/auth/login', { email, password });
  const { accessToken } = stranger.expect<{ accessToken: string }>(login, 200);
  return createRestClient(gatewayUrl, accessToken);
}

/** Somebody's server that is told of events, and remembers what it was told. */
async function startReceiver(): Promise<{ server: Server; url: string; heard: string[] }> {
  const heard: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      heard.push((JSON.parse(body) as { type: string }).type);
      response.writeHead(204).end();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return { server, url: `http://127.0.0.1:${port}/hook`, heard };
}

describe.skipIf(missing)('what follows a payment', () => {
  test('a table of payments is read, sent, carried out, and accounted for', async () => {
    const { page } = await visitAs(ana);
    await page.goto('/files');
    await page.getByRole('button', { name: 'Upload a file' }).click();
    const dialog = page.getByRole('dialog');
    const to = ben.walletIds[0] ?? '';
    const choose = (table: string): Promise<void> =>
      dialog.getByLabel('File', { exact: true }).setInputFiles({
        name: 'wages.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from(table),
      });
    await choose(`wallet,amount,note\n${to},1.25,Wages\n${to},12.x,More\n`);
    await dialog.getByText('Line 3: that is no amount.').waitFor();
    await choose(`wallet,amount,note\n${to},1.25,Wages\n${to},"1,000,000",Too much\n`);
    await dialog.getByText('2 payments, $1,000,001.25 altogether.').waitFor();
    await dialog.getByRole('button', { name: 'Send it' }).click();
    await page.getByText('Finished').waitFor({ timeout: 30_000 });
    await page.getByText('2 of 2 lines · 1 carried out · 1 refused').waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download the result' }).click();
    const result = await readFile(await (await download).path(), 'utf8');
    const lines = result.trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { status: string }).status)).toEqual([
      'completed',
      'failed',
    ]);
  });

  test('money is reserved for somebody, and is back when it is released', async () => {
    const { page } = await visitAs(ana);
    await page.goto(`/wallets/${ana.walletIds[0]}`);
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Reserve money' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Amount').fill('41.50');
    await dialog.getByLabel('Wallet ID').fill(ben.walletIds[0] ?? '');
    await dialog.getByLabel('Note').fill('A key for the boat');
    await dialog.getByRole('button', { name: 'Reserve it' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('A key for the boat').click();
    await page.getByRole('button', { name: 'Release' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Release' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByText('A key for the boat').waitFor();
  });

  test('who was paid gives a part back, and who paid sees it come', async () => {
    const [payer, payee] = [await visitAs(ana), await visitAs(ben)];
    await fillTransfer(payer.page, ben.email, '12.50');
    await confirmTransfer(payer.page);
    await payer.page.getByRole('heading', { name: 'Sent' }).waitFor();
    await payee.page.getByRole('link', { name: /Received.*12\.50/ }).click();
    await payee.page.getByRole('button', { name: 'Give back' }).click();
    const dialog = payee.page.getByRole('dialog');
    await dialog.getByLabel('Amount').fill('2.50');
    await dialog.getByLabel('Reason').fill('One bottle was empty');
    await dialog.getByRole('button', { name: 'Give back' }).click();
    await payee.page.getByText('Given back so far').waitFor();
    await payer.page.goto('/');
    await payer.page.getByRole('link', { name: /One bottle was empty.*\+\$2\.50/ }).waitFor();
  });

  test('what is reserved is taken in part, and the rest let go', async () => {
    const client = await clientOf(ana);
    const body = { walletId: ana.walletIds[0], toWalletId: ben.walletIds[0], amount: '2000' };
    const { id } = client.expect<{ id: string }>(
      await client.post('/v1/holds', body, 'everyday-hold'),
      201,
    );
    const { page } = await visitAs(ben);
    await page.goto(`/transactions/${id}`);
    await page.getByRole('button', { name: 'Take it' }).click();
    await page.getByRole('dialog').getByLabel('Amount').fill('5');
    await page.getByRole('dialog').getByRole('button', { name: 'Take it' }).click();
    await page.getByText('Taken so far').waitFor();
    await page.getByRole('button', { name: 'Release' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Release' }).click();
    await page.getByText('Released so far').waitFor();
    await page.getByRole('button', { name: 'Take it' }).waitFor({ state: 'detached' });
  });
});

describe.skipIf(missing)('what one looks for', () => {
  test('a payment is found by a word of its note, by the server and not by luck', async () => {
    const client = await clientOf(ana);
    const [from, to] = [ana.walletIds[0], ben.walletIds[0]];
    const send = async (amount: string, description: string): Promise<void> => {
      const body = { fromWalletId: from, toWalletId: to, amount, description };
      client.expect(await client.post('/v1/transfers', body, `everyday-${description}`), 201);
    };
    await send('111', 'Blue umbrella');
    await send('222', 'Red kettle');
    const { page } = await visitAs(ana);
    await page.goto('/activity');
    const asked = page.waitForResponse((answer) => answer.url().includes('text=umbrella'));
    await page.getByRole('searchbox').fill('umbrella');
    await asked;
    await page.getByRole('link', { name: /Red kettle/ }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: /Blue umbrella/ }).waitFor();
    await page.getByRole('searchbox').fill('');
    await page.getByRole('button', { name: 'Filters' }).click();
    await page.getByLabel('Currency').selectOption('USD');
    await page.getByLabel('At least').fill('2.20');
    await page.getByLabel('At most').fill('2.30');
    await page.getByRole('link', { name: /Blue umbrella/ }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: /Red kettle/ }).waitFor();
  });
});

describe.skipIf(missing)('what is more than sending', () => {
  test('what it costs and leaves is said before it is sent', async () => {
    const { page } = await visitAs(ana);
    await fillTransfer(page, ben.email, '1');
    const question = page.getByRole('alertdialog');
    await question.getByText('Fee', { exact: true }).waitFor();
    await question.getByText('Available afterwards').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await fillTransfer(page, ben.email, '990,000');
    await question.getByText(/There is not enough money/).waitFor();

    await page.goto('/withdraw');
    await page.getByLabel('Amount').fill('2');
    await page.getByLabel('To bank account').fill('ok');
    // A fee of none: asked for and answered, not the dash of before.
    await page.getByText('None', { exact: true }).waitFor();
    await page.getByLabel('Amount').fill('990,000');
    await page.getByText(/There is not enough money/).waitFor();
  });

  test('two are paid at once, and none when one of them is nobody', async () => {
    const { page } = await visitAs(ana);
    await page.goto('/send');
    await page.getByRole('link', { name: 'Pay several people' }).click();
    const fill = async (number: number, email: string, amount: string): Promise<void> => {
      await page.getByLabel(`E-mail of recipient ${number}`).fill(email);
      await page
        .getByLabel('Amount')
        .nth(number - 1)
        .fill(amount);
    };
    await fill(1, ben.email, '1.10');
    await fill(2, 'nobody@example.com', '2.20');
    await page.getByRole('button', { name: 'Pay $3.30' }).click();
    await page.getByText('Nobody was paid').first().waitFor();
    await fill(2, ben.email, '2.20');
    await page.getByRole('button', { name: 'Pay $3.30' }).click();
    await page.getByRole('heading', { name: '2 people are paid' }).waitFor();
  });

  test('a line that a balance may cross is drawn and taken away', async () => {
    const { page } = await visitAs(ana);
    await page.goto(`/wallets/${ana.walletIds[0]}`);
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Alerts' }).click();
    await page.getByRole('dialog').getByLabel('Amount').fill('12');
    await page.getByRole('button', { name: 'Add alert' }).click();
    await page.getByText('When it falls below $12.00').waitFor();
    await page.getByRole('button', { name: 'Remove this alert' }).click();
    await page.getByText('When it falls below $12.00').waitFor({ state: 'detached' });
  });

  test('somebody is asked for money and pays, another time is not', async () => {
    const [asks, pays] = [await visitAs(ben), await visitAs(ana)];
    const ask = async (amount: string, note: string): Promise<void> => {
      await asks.page.goto('/requests');
      await asks.page.getByRole('button', { name: 'Ask for money' }).click();
      const dialog = asks.page.getByRole('dialog');
      await dialog.getByLabel('Amount').fill(amount);
      await dialog.getByLabel(/Whom to ask/).fill(ana.email);
      await dialog.getByLabel('Note').fill(note);
      await dialog.getByRole('button', { name: 'Ask', exact: true }).click();
      await dialog.waitFor({ state: 'detached' });
    };
    const asked = (note: string) => pays.page.getByRole('listitem').filter({ hasText: note });
    await ask('4.20', 'Half of the pizza');
    await pays.page.goto('/requests');
    await asked('Half of the pizza').getByRole('button', { name: 'Pay' }).click();
    await pays.page.getByRole('alertdialog').getByRole('button', { name: 'Pay' }).click();
    await asked('Half of the pizza').getByText('Paid', { exact: true }).waitFor();
    await ask('99', 'The whole car');
    await asked('The whole car').getByRole('button', { name: 'Decline' }).click();
    await asks.page
      .getByRole('listitem')
      .filter({ hasText: 'The whole car' })
      .getByText('Declined')
      .waitFor();
  });

  test('a transfer is planned, rests, goes on, and is ended', async () => {
    const { page } = await visitAs(ana);
    await page.goto('/schedules');
    await page.getByRole('button', { name: 'Plan a transfer' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Amount').fill('15');
    await dialog.getByLabel('Their e-mail').fill(ben.email);
    await dialog.getByLabel('How often').selectOption('weekly');
    await dialog.getByLabel('Note').fill('Pocket money');
    await dialog.getByRole('button', { name: 'Plan it' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('Pocket money').waitFor();
    const choose = async (action: string, state: string): Promise<void> => {
      await page.getByRole('button', { name: 'What can be done with this plan' }).click();
      await page.getByRole('menuitem', { name: action }).click();
      await page.getByRole('main').getByText(state, { exact: true }).first().waitFor();
    };
    await choose('Pause', 'Paused');
    await choose('Go on', 'Active');
    await choose('End for good', 'Ended');
  });

  test('money is converted at the rate that was shown', async () => {
    const client = await clientOf(ana);
    const body = { currency: 'EUR', name: 'Holidays' };
    client.expect(await client.post('/v1/wallets', body, 'everyday-eur'), 201);
    const { page } = await visitAs(ana);
    await page.goto(`/convert?wallet=${ana.walletIds[0]}`);
    await page.getByLabel('Amount').fill('20');
    await page.getByText(/^1 USD = /).waitFor();
    await page.getByText(/holds for \d+ seconds?/).waitFor();
    await page.getByRole('button', { name: 'Convert now' }).click();
    await page.getByRole('heading', { name: 'Converted' }).waitFor();
    await page.getByRole('link', { name: 'See details' }).click();
    await page.getByText('Came as').waitFor();
  });

  test('rewards tell what there is to earn, and a code for others', async () => {
    const { page } = await visitAs(ana);
    await page.goto('/rewards');
    await page.getByRole('heading', { name: 'Bring somebody along' }).waitFor();
    expect(await page.locator('main code').textContent()).toMatch(/^\S{4,}$/);
    await page.getByLabel('Somebody else’s code').fill('NOBODYS');
    await page.getByRole('button', { name: 'Use it' }).click();
    await page.getByText('This code was not taken').first().waitFor();
  });

  test('a statement comes on paper, too', async () => {
    const { page } = await visitAs(ana);
    await page.goto(`/wallets/${ana.walletIds[0]}`);
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Statement' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download' }).click();
    expect((await download).suggestedFilename()).toMatch(/\.pdf$/);
  });
});

describe.skipIf(missing)('what developers do', () => {
  test('a program acts with a key, within what it may, until the key is removed', async () => {
    const { page } = await visitAs(ana);
    await page.goto('/developer');
    await page.getByRole('button', { name: 'New API key' }).click();
    await page.getByLabel('Name').fill('Bookkeeping');
    await page.getByRole('button', { name: 'Create key' }).click();
    const clientSecret = (await page.getByRole('dialog').locator('code').textContent()) ?? '';
    await page.getByRole('button', { name: 'I have kept it' }).click();
    const clientId = (await page.getByText(/^key-[0-9a-f-]{36}$/).textContent()) ?? '';
    const credentials = { clientId, clientSecret };
    const { gatewayUrl: baseUrl } = platform.dev();
    const program = createFlorinClient({ baseUrl, credentials });
    const { items } = await program.call('GET /v1/wallets');
    expect(items.map(({ id }) => id)).toEqual(expect.arrayContaining(ana.walletIds));
    const [fromWalletId = ''] = ana.walletIds;
    const body = { fromWalletId, toEmail: ben.email, amount: '1' };
    const paying = program.call('POST /v1/transfers', { body });
    await expect(paying).rejects.toMatchObject({ code: 'forbidden' });
    await page.getByRole('button', { name: 'Remove “Bookkeeping”' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('There is none yet').waitFor();
    const reading = () =>
      program.call('GET /v1/wallets').then(
        () => 'works',
        () => 'ended',
      );
    await expect.poll(reading).toBe('ended');
  });

  test('a webhook is made, tested, sent again, given a new secret, and removed', async () => {
    const { server, url, heard } = await startReceiver();
    try {
      const { page } = await visitAs(ana);
      await page.goto('/settings');
      await page.getByRole('link', { name: 'Developers' }).click();
      await page.getByRole('button', { name: 'New webhook' }).click();
      await page.getByLabel('Address').fill(url);
      await page.getByRole('button', { name: 'Create webhook' }).click();
      const secret = page.getByRole('dialog').locator('code');
      const first = await secret.textContent();
      expect(first).toMatch(/^whsec_/);
      await page.getByRole('button', { name: 'I have kept it' }).click();

      const choose = async (action: string): Promise<void> => {
        await page.getByRole('button', { name: /^Actions for/ }).click();
        await page.getByRole('menuitem', { name: action }).click();
      };
      await choose('Send a test event');
      await page.getByRole('button', { name: 'Deliveries' }).click();
      await page.getByText('Delivered', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Send again' }).click();
      await expect.poll(() => heard.length).toBe(2);

      await choose('New secret');
      await page.getByRole('alertdialog').getByRole('button', { name: 'New secret' }).click();
      await secret.waitFor();
      expect(await secret.textContent()).not.toBe(first);
      await page.getByRole('button', { name: 'I have kept it' }).click();
      await choose('Remove');
      await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
      await page.getByText('No webhook yet').waitFor();
    } finally {
      server.close();
    }
  });
});
