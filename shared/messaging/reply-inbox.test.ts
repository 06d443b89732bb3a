import { createInbox } from '@nats-io/transport-node';
import { describe, expect, test } from 'vitest';
import { isReplySubject } from './mod.ts';

describe('an answer can not be directed at a subject that is no inbox', () => {
  test.each(['_INBOX', '_INBOX.gateway'].map((prefix) => `${createInbox(prefix)}.7`))(
    '%s is answered',
    (subject) => expect(isReplySubject(subject)).toBe(true),
  );

  test.each([
    '',
    '_INBOX',
    '_INBOX.x',
    '_INBOX.a.*',
    '_INBOX.a.>',
    '_INBOX..b',
    '_INBOX.a.b.',
    '_INBOX.a b.c',
    '_INBOX.a.b\r\nPUB txn 0',
    '_inbox.a.b',
    'x_INBOX.a.b',
    '_INBOXES.a.b',
    'txn.ready.03.w1',
    '$JS.API.STREAM.DELETE.TXN',
    `_INBOX.a.${'x'.repeat(65)}`,
    '_INBOX.a.b.c.d.e.f.g',
  ])('%j is not', (subject) => expect(isReplySubject(subject)).toBe(false));
});
