import {
  isOrigin,
  LANE_PRODUCERS,
  LANE_TYPES,
  laneMessage,
  MANY_WALLETS,
  partitionOf,
  partitionToken,
  type LaneMessage,
} from '@florin/contracts';
import {
  HEADERS,
  isGenuineQuote,
  jsonOf,
  signatoryOf,
  type Incoming,
  type Verifier,
} from '@florin/messaging';
import type { LaneItem } from './lane-item.ts';

interface DecodeOptions {
  partitions: number;
  verify: Verifier;
}

/**
 * Turns a message of a lane into commands. Whatever is not signed by a service that may say it,
 * not of this partition or not of a known form becomes a dead letter: it would be no better the
 * next time.
 */
export function createDecodeMessage({ partitions, verify }: DecodeOptions) {
  return function decodeMessage(partition: number, incoming: Incoming): LaneItem {
    const origin = incoming.header(HEADERS.reply) ?? '';
    const decoded: LaneItem = {
      partition,
      sequence: incoming.sequence,
      messageId: incoming.id ?? '',
      signatory: '',
      origin: isOrigin(origin) ? origin : '',
      commands: [],
      weight: 0,
      deadLetters: [],
    };
    const bury = (item: number, reason: string, body: Uint8Array) =>
      decoded.deadLetters.push({
        partition,
        streamSequence: incoming.sequence,
        item,
        reason,
        body,
      });

    const [, , token, walletToken = ''] = incoming.subject.split('.');
    if (token !== partitionToken(partition)) {
      bury(0, 'subject of another partition', incoming.body);
      return decoded;
    }
    const signed = signatoryOf(verify, incoming, { wallet: walletToken, partition });
    if (!signed.ok) {
      bury(0, `signature: ${signed.error}`, incoming.body);
      return decoded;
    }
    decoded.signatory = signed.value.service;
    const events = jsonOf(incoming);
    if (!Array.isArray(events)) {
      bury(0, 'not a JSON array', incoming.body);
      return decoded;
    }
    events.forEach((event, item) => {
      const parsed = laneMessage.safeParse(event);
      const refusal = parsed.success
        ? refusalOf(parsed.data, signed.value.service, walletToken)
        : `not a lane message: ${parsed.error.issues[0]?.path.join('.')}`;
      if (parsed.success && refusal === undefined) {
        decoded.commands.push({ item, message: parsed.data });
        decoded.weight += weightOf(parsed.data);
      } else {
        bury(item, refusal ?? 'unknown', Buffer.from(JSON.stringify(event)));
      }
    });
    return decoded;

    function refusalOf(message: LaneMessage, service: string, wallet: string) {
      const producers: readonly string[] = LANE_PRODUCERS[message.type];
      if (!producers.includes(service)) return `${service} may not say ${message.type}`;
      const claim = unfoundedClaim(message, service) ?? unfoundedQuote(verify, message);
      if (claim !== undefined) return claim;
      if (message.data.walletId !== message.partitionkey) return 'wallet is not the partition key';
      if (partitionOf(message.partitionkey, partitions) !== partition) {
        return 'wallet of another partition';
      }
      if (wallet !== MANY_WALLETS && wallet !== message.partitionkey) {
        return 'wallet is not the one in the subject';
      }
      return undefined;
    }
  };
}

/** The gateway hands a quote on: what banking promised, to whom, and for exactly this. */
function unfoundedQuote(verify: Verifier, message: LaneMessage): string | undefined {
  if (message.type !== LANE_TYPES.transactionInitiated) return undefined;
  const { data } = message;
  if (data.type !== 'conversion') return undefined;
  const { quote, amount, currency, clientId } = data;
  if (!isGenuineQuote(verify, quote)) return 'banking has not promised this rate';
  const isFor =
    quote.fromAmount === amount && quote.fromCurrency === currency && quote.clientId === clientId;
  return isFor ? undefined : 'the quote is for something else';
}

const weightOf = (message: LaneMessage): number =>
  message.type === LANE_TYPES.bulkInitiated ? message.data.orders.length : 1;

/**
 * What a service says that is another's to say: only who scores may say what was thought of an
 * order, operators decide at the gateway, and that their time is over is for us to say.
 */
function unfoundedClaim(message: LaneMessage, service: string): string | undefined {
  if (
    message.type === LANE_TYPES.transactionInitiated ||
    message.type === LANE_TYPES.bulkInitiated
  ) {
    const { data } = message;
    const isScored =
      'orders' in data ? data.orders.some(({ risk }) => risk) : data.risk !== undefined;
    if (isScored && service === 'gateway') return 'the gateway may not say what a risk is';
    if (isScored && service === 'payments') return 'payments may not say what a risk is';
    if (!isScored && service === 'ledger') return 'the ledger forwards no order without a risk';
  }
  if (message.type === LANE_TYPES.decideReview) {
    const isOurs = message.data.verdict === 'expire';
    if (isOurs !== (service === 'ledger')) return `${service} may not ${message.data.verdict}`;
  }
  return undefined;
}
