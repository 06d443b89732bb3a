import { createRequire } from 'node:module';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { formatAmount } from '@florin/kernel';
import Pdf from 'pdfkit';
import { entryCells, minuteOf } from './entry-cells.ts';
import { pageCount, ROW_HEIGHT, ROWS, splitPages } from './pdf-pages.ts';
import type { Statement } from './write-statement.ts';

/**
 * DejaVu Sans: one file for Latin, Greek, Cyrillic, Arabic and more. What a statement shows of it
 * is embedded, so that it looks the same everywhere and for ever.
 */
const { resolve } = createRequire(import.meta.url);
const FONTS = {
  regular: resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
  bold: resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
};

const MARGIN = 42;
const SIZE = 8;
const INK = '#1a1d23';
const QUIET = '#667085';
const LINE = '#d0d5dd';

/** Left edge and width; amounts stand at the right of theirs. */
const COLUMNS = {
  date: { title: 'Date (UTC)', x: MARGIN, width: 92, align: 'left' },
  what: { title: 'Transaction', x: MARGIN + 96, width: 215, align: 'left' },
  amount: { title: 'Amount', x: MARGIN + 315, width: 96, align: 'right' },
  balance: { title: 'Balance', x: MARGIN + 415, width: 96, align: 'right' },
} as const;
const RIGHT = COLUMNS.balance.x + COLUMNS.balance.width;
const PAGE_TOP = MARGIN;
const FOOTER_Y = 806;

type Document = InstanceType<typeof Pdf>;
type Cells = Record<keyof typeof COLUMNS, string>;

/** Text in its column on one line, cut off where it is too long. */
function drawCells(doc: Document, cells: Partial<Cells>, y: number): void {
  for (const [name, text] of Object.entries(cells) as [keyof Cells, string][]) {
    const { x, width, align } = COLUMNS[name];
    doc.text(text, x, y, { width, align, height: SIZE, ellipsis: true, lineBreak: false });
  }
}

function drawLine(doc: Document, y: number): void {
  doc.moveTo(MARGIN, y).lineTo(RIGHT, y).lineWidth(0.5).strokeColor(LINE).stroke();
}

function drawHead(doc: Document, statement: Statement): void {
  const { name, walletId, currency, from, to, takenAt } = statement;
  const money = (amount: string): string => `${formatAmount(BigInt(amount), currency)} ${currency}`;
  doc.font('bold').fontSize(16).fillColor(INK).text('Account statement', MARGIN, PAGE_TOP);
  const start = from === undefined ? 'the opening of the wallet' : minuteOf(from);
  const facts = [
    ['Wallet', name],
    ['Number', walletId],
    ['Currency', currency],
    ['From', start],
    ['Until', minuteOf(to ?? takenAt)],
    ['Books as of', `${takenAt.slice(0, 19).replace('T', ' ')} UTC`],
    ['Opening balance', money(statement.openingBalance)],
    ['Closing balance', money(statement.closingBalance)],
  ] as const;
  for (const [row, [label, value]] of facts.entries()) {
    const y = PAGE_TOP + 32 + row * ROW_HEIGHT;
    doc.font('regular').fontSize(SIZE).fillColor(QUIET);
    doc.text(label, MARGIN, y, { lineBreak: false });
    const cut = { width: RIGHT - MARGIN - 110, height: SIZE, ellipsis: true, lineBreak: false };
    doc.fillColor(INK).text(value, MARGIN + 110, y, cut);
  }
}

function drawTitles(doc: Document, y: number): void {
  const titles = Object.entries(COLUMNS).map(([name, { title }]) => [name, title]);
  doc.font('bold').fontSize(SIZE).fillColor(INK);
  drawCells(doc, Object.fromEntries(titles), y);
  drawLine(doc, y + 12);
}

function drawFooter(doc: Document, statement: Statement, page: number, pages: number): void {
  doc.font('regular').fontSize(7).fillColor(QUIET);
  const options = { width: RIGHT - MARGIN, height: 7, lineBreak: false } as const;
  doc.text(`Florin · wallet ${statement.walletId}`, MARGIN, FOOTER_Y, options);
  doc.text(`Page ${page} of ${pages}`, MARGIN, FOOTER_Y, { ...options, align: 'right' });
}

/** What the document has ready, if anything. */
const takeReady = (doc: Document): Uint8Array[] => {
  const ready = doc.read() as Uint8Array | null;
  return ready === null ? [] : [ready];
};

function openDocument({ walletId, takenAt }: Statement): Document {
  const doc = new Pdf({
    size: 'A4',
    margin: 0,
    autoFirstPage: false,
    lang: 'en',
    info: {
      Title: `Statement of wallet ${walletId}`,
      Author: 'Florin',
      CreationDate: new Date(takenAt),
    },
  });
  doc.registerFont('regular', FONTS.regular).registerFont('bold', FONTS.bold);
  return doc;
}

/**
 * The statement on A4 pages, one after the other: a page that is drawn leaves memory as soon as the
 * client takes it, and other requests have their turn between two.
 */
export async function* pdfStatement(statement: Statement): AsyncIterable<Uint8Array> {
  const doc = openDocument(statement);
  const pages = pageCount(statement.last - statement.first + 1);
  let page = 0;
  for await (const rows of splitPages(statement.entries())) {
    doc.addPage();
    page += 1;
    if (page === 1) drawHead(doc, statement);
    const top = PAGE_TOP + (page === 1 ? ROWS.rest - ROWS.first : 0) * ROW_HEIGHT;
    drawTitles(doc, top);
    doc.font('regular').fontSize(SIZE).fillColor(INK);
    let y = top + 20;
    for (const entry of rows) {
      drawCells(doc, entryCells(entry, statement.currency), y);
      y += ROW_HEIGHT;
    }
    if (page === pages) {
      drawLine(doc, y);
      doc.font('bold').fontSize(SIZE).fillColor(INK);
      const balance = formatAmount(BigInt(statement.closingBalance), statement.currency);
      drawCells(doc, { what: 'Closing balance', balance }, y + 6);
    }
    drawFooter(doc, statement, page, pages);
    yield* takeReady(doc);
    await nextTurn();
  }
  doc.end();
  for await (const rest of doc) yield rest as Uint8Array;
}
