import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import type { DemoUser } from '../platform/demo-data.ts';
import { startScratchPlatform } from '../platform/scratch-platform.ts';
import { liveALittle } from './demo-activity.ts';
import { launchChromium, newVisitor, signIn } from './visitor.ts';

/**
 * Photographs every page of the running system into docs/web: each wide in one theme, the other
 * theme and a phone where they show something else.
 */

const FOLDER = fileURLToPath(new URL('../../docs/web/', import.meta.url));
const BYTES_MAX = 150_000;
const WIDE: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, isMobile: true };
const LIGHT: BrowserContextOptions = { colorScheme: 'light' };
const DARK: BrowserContextOptions = { colorScheme: 'dark' };

interface Shot {
  name: string;
  path: string;
  /** What to do before the picture is taken. */
  prepare?(page: Page): Promise<unknown>;
}

await using platform = await startScratchPlatform({ demo: true });
await using browser = await launchChromium();
const { webUrl, users } = platform.dev();
const personOf = (name: string): DemoUser =>
  users.find(({ email }) => email.startsWith(name)) as DemoUser;
const { reviewId, walletId } = await liveALittle(platform.dev());

mkdirSync(FOLDER, { recursive: true });
const pictures = (): string[] => readdirSync(FOLDER).filter((name) => name.endsWith('.webp'));
for (const name of pictures()) rmSync(FOLDER + name);

async function photograph(
  who: DemoUser | undefined,
  suffix: string,
  options: BrowserContextOptions,
  shots: Shot[],
): Promise<void> {
  await using visitor = await newVisitor(browser, webUrl, options);
  const { page } = visitor;
  if (who) await signIn(page, who);
  for (const { name, path, prepare } of shots) {
    await page.goto(path);
    await page.locator('main h1').first().waitFor();
    await prepare?.(page);
    // A list that goes on says so at its end, until somebody comes there.
    if (options.isMobile !== true) await page.evaluate('scrollTo(0, document.body.scrollHeight)');
    await page.locator('.animate-pulse-soft').first().waitFor({ state: 'detached' });
    await page.evaluate('scrollTo(0, 0)');
    const file = `${FOLDER}${name}-${suffix}.webp`;
    await page.screenshot({
      path: file,
      // What is fixed to the bottom of a phone would lie across a longer picture.
      fullPage: options.isMobile !== true,
      animations: 'disabled',
      type: 'webp',
      quality: 82,
    });
    console.log(`${name}-${suffix}: ${statSync(file).size} bytes`);
  }
}

const charts = (page: Page): Promise<unknown> =>
  page.locator('.recharts-surface').first().waitFor();

const stranger: Shot[] = [
  { name: 'sign-in', path: '/sign-in' },
  { name: 'sign-up', path: '/sign-up' },
];
const home: Shot = { name: 'home', path: '/' };
const wallet: Shot = { name: 'wallet', path: `/wallets/${walletId}`, prepare: charts };
const activity: Shot = { name: 'activity', path: '/activity' };
const send: Shot = {
  name: 'send',
  path: '/send',
  async prepare(page) {
    await page.getByLabel(/^(Amount|Betrag)/).fill('24');
    await page.getByLabel('Their e-mail').fill('ben@florin.dev');
  },
};
const refused: Shot = {
  name: 'refused',
  path: '/send',
  async prepare(page) {
    await page.getByLabel('Amount').fill('9,000');
    await page.getByLabel('Their e-mail').fill('ben@florin.dev');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Send now' }).click();
    await page.getByRole('heading', { name: 'Not sent' }).waitFor();
  },
};
const deposit: Shot = { name: 'add-money', path: '/deposit' };
const withdraw: Shot = { name: 'withdraw', path: '/withdraw' };
const transaction: Shot = { name: 'transaction', path: `/transactions/${reviewId}` };
const inbox: Shot = { name: 'inbox', path: '/notifications' };
const settings: Shot = { name: 'settings', path: '/settings' };
const overview: Shot = {
  name: 'console-overview',
  path: '/console',
  async prepare(page) {
    await page.getByText('Live', { exact: true }).waitFor();
    await liveAMoment();
    await page.getByRole('listitem').first().waitFor();
    await charts(page);
  },
};
const reviews: Shot = { name: 'console-reviews', path: '/console/reviews' };
const review: Shot = { name: 'console-review', path: `/console/reviews/${reviewId}` };
const wallets: Shot = { name: 'console-wallets', path: '/console/wallets' };
const flags: Shot = { name: 'console-flags', path: '/console/flags' };
const banks: Shot = { name: 'console-banks', path: '/console/banks' };
const documents: Shot = { name: 'console-documents', path: '/console/documents' };
const books: Shot = { name: 'console-books', path: '/console/books' };

const requests: Shot = { name: 'requests', path: '/requests' };
const schedules: Shot = { name: 'schedules', path: '/schedules' };
const rewards: Shot = { name: 'rewards', path: '/rewards' };
const developer: Shot = { name: 'developer', path: '/developer' };
const convert: Shot = {
  name: 'convert',
  path: `/convert?wallet=${walletId}`,
  async prepare(page) {
    await page.getByLabel('Amount').fill('5');
    await page.getByText(/^1 USD = /).waitFor();
  },
};
const confirmation: Shot = {
  name: 'confirm',
  path: '/send',
  async prepare(page) {
    await page.getByLabel('Amount').fill('4');
    await page.getByLabel('Their e-mail').fill('ben@florin.dev');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('Available afterwards').waitFor();
  },
};
const audit: Shot = {
  name: 'console-audit',
  path: '/console/audit',
  async prepare(page) {
    await page.getByRole('button', { name: 'Verify all of it' }).click();
    await page.getByText('Nothing was changed').waitFor();
  },
};
const model: Shot = { name: 'console-model', path: '/console/model', prepare: charts };
const people: Shot = {
  name: 'console-users',
  path: '/console/users',
  async prepare(page) {
    await page.getByLabel('E-mail').fill('ana@florin.dev');
    await page.getByRole('button', { name: 'Find' }).click();
    await page.getByRole('heading', { name: 'Ana' }).waitFor();
  },
};
const applications: Shot = { name: 'console-applications', path: '/console/applications' };

const consolePage = (name: string): Shot => ({ name: `console-${name}`, path: `/console/${name}` });
const adjustments = consolePage('adjustments');
const fees = consolePage('fees');
const rewardRules = consolePage('reward-rules');
const positions = consolePage('positions');
const breaks: Shot = {
  ...consolePage('breaks'),
  prepare: (page) => page.getByText('INTEREST-11').waitFor(),
};
const deadLetters = consolePage('dead-letters');
const files: Shot = {
  name: 'files',
  path: '/files',
  prepare: (page) => page.getByText('Finished').waitFor(),
};
const split: Shot = { name: 'split', path: '/split' };
const hold: Shot = {
  name: 'hold',
  path: `/wallets/${walletId}`,
  async prepare(page) {
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Reserve money' }).click();
    await page.getByRole('dialog').getByLabel('Amount').fill('12');
  },
};
const feeRule: Shot = {
  name: 'console-fee',
  path: '/console/fees',
  async prepare(page) {
    await page.getByRole('button', { name: 'Change: Withdrawals, USD' }).click();
    await page.getByRole('dialog').waitFor();
  },
};

/** So that the overview has something to show: it tells only what happens while one looks. */
async function liveAMoment(): Promise<void> {
  await using ben = await newVisitor(browser, webUrl);
  await signIn(ben.page, personOf('ben'));
  for (const amount of ['12', '7.50', '20']) {
    await ben.page.goto('/deposit');
    await ben.page.getByLabel('Amount').fill(amount);
    await ben.page.getByLabel('From bank account').fill(amount === '20' ? 'declined' : 'ok');
    await ben.page.getByRole('main').getByRole('button', { name: 'Add money' }).click();
    await ben.page.getByRole('heading', { name: /^(Money added|Not added)/ }).waitFor();
  }
}

const [ana, operator] = [personOf('ana'), personOf('operator')];
await photograph(undefined, 'light', { ...WIDE, ...LIGHT }, stranger);
await photograph(ana, 'light', { ...WIDE, ...LIGHT }, [
  home,
  wallet,
  activity,
  send,
  convert,
  requests,
  schedules,
  rewards,
  files,
  split,
  developer,
  inbox,
  settings,
]);
await photograph(ana, 'dark', { ...WIDE, ...DARK }, [
  home,
  wallet,
  transaction,
  withdraw,
  convert,
  rewards,
]);
await photograph(ana, 'phone', { ...PHONE, ...LIGHT }, [
  home,
  send,
  confirmation,
  deposit,
  requests,
  convert,
  settings,
  files,
  hold,
]);
await photograph(ana, 'phone-dark', { ...PHONE, ...DARK }, [activity, refused]);
const staffLight = [
  overview,
  reviews,
  review,
  documents,
  wallets,
  books,
  audit,
  model,
  people,
  applications,
  adjustments,
  fees,
  rewardRules,
  positions,
  breaks,
  deadLetters,
];
await photograph(operator, 'light', { ...WIDE, ...LIGHT }, staffLight);
await photograph(operator, 'dark', { ...WIDE, ...DARK }, [
  review,
  flags,
  banks,
  audit,
  feeRule,
  breaks,
]);
await photograph(operator, 'phone', { ...PHONE, ...LIGHT }, [overview, reviews, adjustments]);

const large = pictures().filter((name) => statSync(FOLDER + name).size > BYTES_MAX);
if (large.length > 0) throw new Error(`larger than ${BYTES_MAX} bytes: ${large.join(', ')}`);
