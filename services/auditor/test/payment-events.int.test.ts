import {
  createEnvelope,
  PAYMENT_EVENT_TYPES,
  paymentEventSubject,
  STREAMS,
} from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { expect, it } from 'vitest';
import { listRecords } from '../list-records.ts';
import { listBreaks } from '../sql/breaks.ts';
import { verifyLog } from '../verify-log.ts';
import { messageOf, openLog } from './log-surroundings.ts';

const finishedFile = (ownerId: string) =>
  createEnvelope(PAYMENT_EVENT_TYPES['bulk-file-finished'], {
    id: uuidv7(),
    source: '/payments',
    wallet: uuidv7(),
    time: new Date().toISOString(),
    data: { bulkFileId: uuidv7(), ownerId, status: 'completed', lines: 3, completed: 2, failed: 1 },
  });

it('hunts what payments tell and no log knows, and what others tell in their name', async () => {
  await using log = await openLog();
  const subject = paymentEventSubject('bulk-file-finished');
  const ownerId = uuidv7();
  const event = finishedFile(ownerId);
  const told = messageOf('payments', subject, [event]);
  await log.write(STREAMS.payments, [told]);
  await log.write(STREAMS.payments, [told]);
  expect(await listBreaks(log.pool)).toEqual([]);
  const { items } = await listRecords(log.pool, { actor: ownerId, limit: 10 });
  expect(items).toMatchObject([
    { chain: 'pay', place: 1, actor: ownerId, event: { id: event.id } },
  ]);

  await log.write(STREAMS.payments, [messageOf('gateway', subject, [finishedFile(ownerId)])]);
  expect(log.refused).toHaveLength(1);
  expect(await listBreaks(log.pool)).toHaveLength(1);
  await log.signRoot();
  const { witness, pool, verifier } = log;
  expect(await verifyLog({ pool, verifier, witness })).toMatchObject({ ok: true, records: 1 });
});
