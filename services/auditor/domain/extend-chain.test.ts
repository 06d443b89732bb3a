import { describe, expect, it } from 'vitest';
import { extendChain, type NewEvent } from './extend-chain.ts';
import { NO_HASH } from './audit-record.ts';

const START = { chain: 'audit', place: 0, sourceSequence: 0, hash: NO_HASH };

const eventOf = (more: object, sequence?: number): NewEvent => ({
  chain: 'audit',
  sequence,
  eventId: 'flag-1',
  type: 'florin.admin-action.v1',
  actor: 'olga',
  transactionId: null,
  at: new Date(0),
  body: JSON.stringify({ type: 'florin.admin-action.v1', data: { after: 'off' }, ...more }),
});

describe('events that come again: hunts repetitions taken for forgeries, and the reverse', () => {
  it('an action recorded again, in another request, is the same action', () => {
    const events = [eventOf({ correlationid: 'a' }), eventOf({ correlationid: 'b' })];
    const { records, breaks } = extendChain(START, events, new Map());
    expect(records).toHaveLength(1);
    expect(breaks).toEqual([]);
  });

  it('an event that comes again and says something else is a break', () => {
    const events = [eventOf({}), eventOf({ data: { after: 'enforce' } })];
    const { records, breaks } = extendChain(START, events, new Map());
    expect(records).toHaveLength(1);
    expect(breaks).toMatchObject([{ key: 'audit:changed:flag-1' }]);
  });

  it('a missing number is a gap, which stands in the chain as what it is', () => {
    const { records, breaks } = extendChain(START, [eventOf({}, 3)], new Map());
    expect(records).toHaveLength(2);
    expect(breaks).toMatchObject([{ key: 'audit:gap:1' }]);
  });
});
