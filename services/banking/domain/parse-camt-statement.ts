import { isCurrency, ok, refuse, type Currency, type Result } from '@florin/kernel';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { z } from 'zod';
import {
  endToEndIdOf,
  minorOf,
  timeOf,
  type StatementEntry,
  type ToldStatement,
} from './statement.ts';

const LISTS = new Set(['Stmt', 'Bal', 'Ntry', 'NtryDtls', 'TxDtls']);
/** A camt.053 has a dozen. */
const DEPTH_MAX = 24;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  // References stay as they are written: nothing is ever expanded.
  processEntities: false,
  htmlEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: DEPTH_MAX,
  isArray: (name) => LISTS.has(name),
});

/** Nothing that a statement needs, and everything that is done to readers of XML. */
const FORBIDDEN = /<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)|<!\[CDATA\[/i;

const currency = z.custom<Currency>((code) => typeof code === 'string' && isCurrency(code));
const money = { Amt: z.object({ '#text': z.string(), '@Ccy': currency }) };
const direction = { CdtDbtInd: z.enum(['CRDT', 'DBIT']) };
const moment = z.object({ DtTm: z.string() });

const balance = z.object({
  Tp: z.object({ CdOrPrtry: z.object({ Cd: z.string() }) }),
  ...money,
  ...direction,
});
const entry = z.object({
  ...money,
  ...direction,
  Sts: z.union([z.string(), z.object({ Cd: z.string() }).transform(({ Cd }) => Cd)]),
  BookgDt: moment,
  ValDt: moment.optional(),
  AcctSvcrRef: z.string(),
  NtryDtls: z
    .array(
      z.object({
        TxDtls: z
          .array(z.object({ Refs: z.object({ EndToEndId: z.string().optional() }).optional() }))
          .max(1)
          .optional(),
      }),
    )
    .max(1)
    .optional(),
});
const statement = z.object({
  FrToDt: z.object({ FrDtTm: z.string(), ToDtTm: z.string() }),
  Acct: z.object({
    Ccy: currency,
    Svcr: z.object({
      FinInstnId: z.object({ Nm: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/) }),
    }),
  }),
  Bal: z.array(balance).max(20),
  Ntry: z.array(entry).default([]),
});
const document = z.object({
  Document: z.object({ BkToCstmrStmt: z.object({ Stmt: z.array(statement).default([]) }) }),
});

type Money = Pick<z.output<typeof entry>, 'Amt' | 'CdtDbtInd'>;

/** Undefined in another currency than the account's, or with decimals that it has not. */
function signedOf({ Amt, CdtDbtInd }: Money, of: Currency): bigint | undefined {
  const amount = Amt['@Ccy'] === of ? minorOf(Amt['#text'], of) : undefined;
  return amount === undefined || CdtDbtInd === 'CRDT' ? amount : -amount;
}

function entryOf(told: z.output<typeof entry>, of: Currency): StatementEntry | undefined {
  const amount = signedOf(told, of);
  const bookedAtMs = timeOf(told.BookgDt.DtTm);
  const valuedAtMs = told.ValDt === undefined ? bookedAtMs : timeOf(told.ValDt.DtTm);
  if (amount === undefined || bookedAtMs === undefined || valuedAtMs === undefined)
    return undefined;
  const refs = told.NtryDtls?.[0]?.TxDtls?.[0]?.Refs;
  const endToEndId = endToEndIdOf(refs?.EndToEndId ?? '');
  return { reference: told.AcctSvcrRef, endToEndId, amount, bookedAtMs, valuedAtMs };
}

function statementOf(told: z.output<typeof statement>): Result<ToldStatement, string> {
  const { Ccy: of, Svcr } = told.Acct;
  const bank = Svcr.FinInstnId.Nm;
  const balanceOf = (code: string): bigint | undefined => {
    const found = told.Bal.find(({ Tp }) => Tp.CdOrPrtry.Cd === code);
    return found && signedOf(found, of);
  };
  const [fromMs, toMs] = [timeOf(told.FrToDt.FrDtTm), timeOf(told.FrToDt.ToDtTm)];
  if (fromMs === undefined || toMs === undefined) return refuse(`${bank}: its period`);
  const complete = told.Bal.some(({ Tp }) => Tp.CdOrPrtry.Cd === 'CLBD');
  const [opening, closing] = [balanceOf('OPBD'), balanceOf(complete ? 'CLBD' : 'ITBD')];
  if (opening === undefined || closing === undefined) return refuse(`${bank}: its balances`);
  const entries: StatementEntry[] = [];
  // What is only announced yet is booked, and comes again, later.
  for (const [index, one] of told.Ntry.filter(({ Sts }) => Sts === 'BOOK').entries()) {
    const read = entryOf(one, of);
    if (read === undefined) return refuse(`${bank}: entry ${index + 1} can not be read`);
    entries.push(read);
  }
  return ok({ bank, currency: of, fromMs, toMs, complete, opening, closing, entries });
}

function treeOf(text: string): unknown {
  if (FORBIDDEN.test(text) || XMLValidator.validate(text) !== true) return undefined;
  try {
    return parser.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads statements from camt.053. The error says what is wrong, in words for whoever sent it. */
export function parseCamtStatement(text: string): Result<ToldStatement[], string> {
  const tree = treeOf(text);
  if (tree === undefined) return refuse('it is no XML that can be read');
  const read = document.safeParse(tree);
  if (!read.success) {
    const path = read.error.issues[0]?.path.join('/') ?? '';
    return refuse(`it is no camt.053: look at ${path.slice(0, 200)}`);
  }
  const told: ToldStatement[] = [];
  for (const one of read.data.Document.BkToCstmrStmt.Stmt) {
    const parsed = statementOf(one);
    if (!parsed.ok) return parsed;
    told.push(parsed.value);
  }
  return ok(told);
}
