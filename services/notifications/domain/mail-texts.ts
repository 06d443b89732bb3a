import type { Locale, MessageKind } from '@florin/contracts';
import { formatAmount, isCurrency } from '@florin/kernel';

export interface MailText {
  subject: string;
  text: string;
}

type Facts = Readonly<Record<string, string>>;

/** Subject and sentence of a kind, with `{…}` for facts. */
type Phrases = Record<MessageKind, readonly [subject: string, sentence: string]>;

const ENGLISH: Phrases = {
  'money-received': ['You received {money}', '{money} have arrived in your wallet.'],
  'payment-sent': ['You sent {money}', 'Your payment of {money} was carried out.'],
  'payment-failed': [
    'A payment was not made',
    'Your payment of {money} was not made: {reason}. No money has left your wallet.',
  ],
  'payment-under-review': [
    'A payment is being checked',
    'We look at your payment of {money} before it goes on. Its money is reserved meanwhile.',
  ],
  'deposit-completed': ['{money} were added', 'Your deposit of {money} is in your wallet.'],
  'withdrawal-completed': ['{money} were paid out', 'Your bank has got {money} from your wallet.'],
  'wallet-status-changed': [
    'Your wallet “{name}” was changed',
    'Your wallet “{name}” is {status} from now on.',
  ],
  'reward-paid': ['You earned {money}', 'A reward of {money} is in your wallet: {description}.'],
  'reward-taken-back': [
    'A reward was taken back',
    'The payment that earned a reward has gone back, and {money} of the reward with it.',
  ],
  'balance-below': [
    'Your balance is below {threshold}',
    'The balance of your wallet has fallen below {threshold}: it is {balance} now.',
  ],
  'balance-above': [
    'Your balance has reached {threshold}',
    'The balance of your wallet has reached {threshold}: it is {balance} now.',
  ],
  'payment-request-received': [
    'You are asked for {money}',
    'Somebody asks you for {money}. You pay or decline in the app, until {expiresAt}.',
  ],
  'payment-request-accepted': [
    'Your request for {money} was paid',
    'The {money} that you asked for were paid.',
  ],
  'payment-request-declined': [
    'Your request for {money} was declined',
    'Whom you asked for {money} has declined.',
  ],
  'payment-request-cancelled': [
    'A request for {money} was withdrawn',
    'Who asked you for {money} has withdrawn the request: there is nothing to do.',
  ],
  'payment-request-expired': [
    'Your request for {money} has expired',
    'Nobody has paid the {money} that you asked for in time.',
  ],
  'scheduled-transfer-failed': [
    'A planned payment was not made',
    'Your payment of {money} that was planned for {plannedFor} was not made: {reason}.',
  ],
  'bulk-file-finished': [
    'Your file of payments is done',
    'Of {lines} payments in your file {completed} were made and {failed} were not.',
  ],
};

const GERMAN: Phrases = {
  'money-received': ['Du hast {money} erhalten', '{money} sind in deinem Wallet angekommen.'],
  'payment-sent': ['Du hast {money} gesendet', 'Deine Zahlung von {money} wurde ausgeführt.'],
  'payment-failed': [
    'Eine Zahlung wurde nicht ausgeführt',
    'Deine Zahlung von {money} wurde nicht ausgeführt: {reason}. Es ist kein Geld abgegangen.',
  ],
  'payment-under-review': [
    'Eine Zahlung wird geprüft',
    'Wir sehen uns deine Zahlung von {money} an, bevor sie weitergeht. Das Geld ist so lange ' +
      'reserviert.',
  ],
  'deposit-completed': ['{money} eingezahlt', 'Deine Einzahlung von {money} ist im Wallet.'],
  'withdrawal-completed': ['{money} ausgezahlt', 'Deine Bank hat {money} aus dem Wallet bekommen.'],
  'wallet-status-changed': [
    'Dein Wallet „{name}“ wurde geändert',
    'Dein Wallet „{name}“ ist ab jetzt {status}.',
  ],
  'reward-paid': [
    'Du hast {money} verdient',
    'Eine Prämie von {money} ist in deinem Wallet: {description}.',
  ],
  'reward-taken-back': [
    'Eine Prämie wurde zurückgenommen',
    'Die Zahlung, für die es eine Prämie gab, ging zurück, und mit ihr {money} der Prämie.',
  ],
  'balance-below': [
    'Dein Guthaben liegt unter {threshold}',
    'Das Guthaben deines Wallets ist unter {threshold} gefallen: es ist jetzt {balance}.',
  ],
  'balance-above': [
    'Dein Guthaben hat {threshold} erreicht',
    'Das Guthaben deines Wallets hat {threshold} erreicht: es ist jetzt {balance}.',
  ],
  'payment-request-received': [
    'Du wirst um {money} gebeten',
    'Jemand bittet dich um {money}. Du zahlst oder lehnst ab in der App, bis {expiresAt}.',
  ],
  'payment-request-accepted': [
    'Deine Bitte um {money} wurde bezahlt',
    'Die {money}, um die du gebeten hast, wurden bezahlt.',
  ],
  'payment-request-declined': [
    'Deine Bitte um {money} wurde abgelehnt',
    'Wen du um {money} gebeten hast, hat abgelehnt.',
  ],
  'payment-request-cancelled': [
    'Eine Bitte um {money} wurde zurückgezogen',
    'Wer dich um {money} gebeten hat, hat die Bitte zurückgezogen: Du musst nichts tun.',
  ],
  'payment-request-expired': [
    'Deine Bitte um {money} ist abgelaufen',
    'Niemand hat die {money}, um die du gebeten hast, rechtzeitig bezahlt.',
  ],
  'scheduled-transfer-failed': [
    'Eine geplante Zahlung wurde nicht ausgeführt',
    'Deine für {plannedFor} geplante Zahlung von {money} wurde nicht ausgeführt: {reason}.',
  ],
  'bulk-file-finished': [
    'Deine Zahlungsdatei ist fertig',
    'Von {lines} Zahlungen in deiner Datei wurden {completed} ausgeführt und {failed} nicht.',
  ],
};

const REASONS: Record<Locale, Record<string, string>> = {
  en: {
    'insufficient-funds': 'there was not enough money',
    'wallet-frozen': 'a wallet is frozen',
    'wallet-closed': 'a wallet is closed',
    'limit-exceeded': 'it is more than you may pay',
    'risk-blocked': 'our risk check has stopped it',
    'bank-declined': 'the bank has declined',
    other: 'see the app',
  },
  de: {
    'insufficient-funds': 'das Guthaben reichte nicht',
    'wallet-frozen': 'ein Wallet ist gesperrt',
    'wallet-closed': 'ein Wallet ist geschlossen',
    'limit-exceeded': 'sie übersteigt, was du zahlen darfst',
    'risk-blocked': 'unsere Risikoprüfung hat sie angehalten',
    'bank-declined': 'die Bank hat abgelehnt',
    other: 'Näheres in der App',
  },
};

const STATUSES: Record<Locale, Record<string, string>> = {
  en: { active: 'open', frozen: 'frozen', closed: 'closed' },
  de: { active: 'offen', frozen: 'gesperrt', closed: 'geschlossen' },
};

const FRAMES: Record<Locale, (name: string, sentence: string) => string> = {
  en: (name, sentence) =>
    `Dear ${name},\n\n${sentence}\n\nYou choose in the app what we write to you about.\n\nFlorin\n`,
  de: (name, sentence) =>
    `Hallo ${name},\n\n${sentence}\n\nWorüber wir dir schreiben, stellst du in der App ein.\n\n` +
    'Florin\n',
};

/** An amount as it is written where it is read: 1,234.50 USD, 1.234,50 USD. */
function moneyText(locale: Locale, amount: string | undefined, currency: string | undefined) {
  if (amount === undefined || currency === undefined || !isCurrency(currency)) return '';
  const decimal = formatAmount(BigInt(amount), currency);
  const [, digits = ''] = decimal.split('.');
  const number = new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits.length,
    maximumFractionDigits: digits.length,
  });
  return `${number.format(decimal as Intl.StringNumericLiteral)} ${currency}`;
}

function timeText(locale: Locale, at: string | undefined): string {
  if (at === undefined) return '';
  const format = { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' } as const;
  return `${new Intl.DateTimeFormat(locale, format).format(new Date(at))} UTC`;
}

/** What a reader sees in the place of facts that are codes. */
function wordsOf(locale: Locale, facts: Facts): Facts {
  const { currency, failure, status } = facts;
  const reasons = REASONS[locale];
  return {
    ...facts,
    money: moneyText(locale, facts['amount'], currency),
    threshold: moneyText(locale, facts['threshold'], currency),
    balance: moneyText(locale, facts['balance'], currency),
    reason: reasons[failure ?? 'other'] ?? reasons['other'] ?? '',
    status: STATUSES[locale][status ?? ''] ?? '',
    expiresAt: timeText(locale, facts['expiresAt']),
    plannedFor: timeText(locale, facts['plannedFor']),
  };
}

/** A notice about money, in the language of its reader. */
export function noticeText(
  kind: MessageKind,
  locale: Locale,
  name: string,
  facts: Facts,
): MailText {
  const [subject, sentence] = (locale === 'de' ? GERMAN : ENGLISH)[kind];
  const words = wordsOf(locale, facts);
  const fill = (phrase: string): string =>
    phrase.replaceAll(/\{(\w+)\}/g, (_, fact: string) => words[fact] ?? '');
  return { subject: fill(subject), text: FRAMES[locale](name, fill(sentence)) };
}

export interface Failures {
  failed: number;
  unknown: number;
  webhooks: number;
}

/** What operators are told of what could not be told to others. */
export const digestText = (from: string, to: string, failures: Failures): MailText => ({
  subject: 'Florin: what could not be delivered',
  text: [
    `Between ${from} and ${to}`,
    `- ${failures.failed} mails were refused, or given up`,
    `- ${failures.unknown} mails were handed over without an answer, and not sent again`,
    `- ${failures.webhooks} deliveries to webhooks were given up`,
  ].join('\n'),
});
