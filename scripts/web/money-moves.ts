import type { Page } from 'playwright-core';

/** Goes through the form up to the last question. */
export async function fillTransfer(page: Page, to: string, amount: string): Promise<void> {
  await page.goto('/send');
  await page.getByLabel('Amount').fill(amount);
  await page.getByLabel('Their e-mail').fill(to);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('alertdialog').waitFor();
}

export const confirmTransfer = (page: Page): Promise<void> =>
  page.getByRole('button', { name: 'Send now' }).click();

export async function addMoney(page: Page, amount: string): Promise<void> {
  await page.goto('/deposit');
  await page.getByLabel('Amount').fill(amount);
  await page.getByLabel('From bank account').fill('ok');
  await page.getByRole('main').getByRole('button', { name: 'Add money' }).click();
  await page.getByRole('heading', { name: 'Money added' }).waitFor();
}
