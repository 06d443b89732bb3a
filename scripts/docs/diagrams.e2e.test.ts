import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROMIUM_MISSING, findChromium } from '../web/find-chromium.ts';
import { mermaidLibrary } from './mermaid-library.ts';
import { readDocuments } from './read-documents.ts';

const diagrams = readDocuments().flatMap(({ path, blocks }) =>
  blocks
    .filter(({ language }) => language === 'mermaid')
    .map(({ code }, at) => ({ name: `${path} ${at + 1}`, code })),
);
const executablePath = findChromium();
/** To look at them: DIAGRAMS=folder npm run test:e2e -- scripts/docs */
const folder = process.env['DIAGRAMS'];

const missing = executablePath === undefined;
if (missing) console.warn(`diagrams are not drawn: ${CHROMIUM_MISSING}`);

describe.skipIf(missing)('diagrams', () => {
  let browser: Browser;
  /** One draws, the other shows: a drawing that is looked at must not change the next one. */
  let drawing: Page;
  let page: Page;

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: executablePath ?? '',
      args: ['--no-sandbox'],
    });
    page = await browser.newPage({ deviceScaleFactor: 2 });
    drawing = await browser.newPage();
    await drawing.setContent('<main></main>');
    await drawing.addScriptTag({ path: mermaidLibrary() });
  });
  afterAll(() => browser.close());

  test('there are some', () => {
    expect(diagrams.length).toBeGreaterThan(5);
  });

  test.each(diagrams)('hunts a diagram that nobody can see: $name', async ({ name, code }) => {
    const svg = await drawing.evaluate(async (text) => {
      const { mermaid } = globalThis as unknown as {
        mermaid: { render(id: string, text: string): Promise<{ svg: string }> };
      };
      return (await mermaid.render('drawing', text)).svg;
    }, code);
    await page.setContent(`<body style="background: white"><main>${svg}</main></body>`);
    const main = page.locator('main');
    const { width = 0, height = 0 } = (await main.locator('svg').first().boundingBox()) ?? {};
    const words = (await main.textContent()) ?? '';
    expect(width).toBeGreaterThan(100);
    expect(height).toBeGreaterThan(50);
    expect(words.length).toBeGreaterThan(20);
    if (folder === undefined) return;
    mkdirSync(folder, { recursive: true });
    const picture = await main.screenshot();
    writeFileSync(join(folder, `${name.replaceAll(/[/ ]/g, '-')}.png`), picture);
  });
});
