import { formatAmount, type Currency, type Minor } from '@florin/kernel';
import type { BookedEntry, DayStatement } from './day-statement.ts';
import { isoTime } from './iso-time.ts';

const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:camt.053.001.08';

const tag = (name: string, ...content: string[]): string =>
  `<${name}>${content.join('')}</${name}>`;

function money(amount: Minor, currency: Currency): string {
  const text = formatAmount(amount < 0n ? -amount : amount, currency);
  const direction = amount < 0n ? 'DBIT' : 'CRDT';
  return `<Amt Ccy="${currency}">${text}</Amt>${tag('CdtDbtInd', direction)}`;
}

const balance = (code: string, amount: Minor, currency: Currency, atMs: number): string =>
  tag(
    'Bal',
    tag('Tp', tag('CdOrPrtry', tag('Cd', code))),
    money(amount, currency),
    tag('Dt', tag('DtTm', isoTime(atMs))),
  );

const entry = ({ reference, endToEndId, currency, amount, bookedAtMs }: BookedEntry): string =>
  tag(
    'Ntry',
    money(amount, currency),
    tag('Sts', tag('Cd', 'BOOK')),
    tag('BookgDt', tag('DtTm', isoTime(bookedAtMs))),
    tag('ValDt', tag('DtTm', isoTime(bookedAtMs))),
    tag('AcctSvcrRef', reference),
    tag('NtryDtls', tag('TxDtls', tag('Refs', tag('EndToEndId', endToEndId)))),
  );

function statement(one: DayStatement): string {
  const { bank, currency, fromMs, toMs, complete, opening, closing, entries } = one;
  return tag(
    'Stmt',
    tag('Id', `${bank}-${currency}-${isoTime(fromMs).slice(0, 10)}`),
    tag('FrToDt', tag('FrDtTm', isoTime(fromMs)), tag('ToDtTm', isoTime(toMs))),
    tag(
      'Acct',
      tag('Id', tag('Othr', tag('Id', `florin-${currency}`))),
      tag('Ccy', currency),
      tag('Svcr', tag('FinInstnId', tag('Nm', bank))),
    ),
    balance('OPBD', opening, currency, fromMs),
    // A day that is not over has no closing balance yet.
    balance(complete ? 'CLBD' : 'ITBD', closing, currency, toMs),
    ...entries.map(entry),
  );
}

/**
 * Statements in the words of ISO 20022, camt.053: those elements that say what was booked. Nothing
 * in it needs escaping: see the statement as CSV.
 */
export function camtOfStatements(
  bank: string,
  day: string,
  toMs: number,
  statements: readonly DayStatement[],
): string {
  const head = tag('GrpHdr', tag('MsgId', `${bank}-${day}`), tag('CreDtTm', isoTime(toMs)));
  const content = tag('BkToCstmrStmt', head, ...statements.map(statement));
  const document = `<Document xmlns="${NAMESPACE}">${content}</Document>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${document}\n`;
}
