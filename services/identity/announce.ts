import {
  createEnvelope,
  IDENTITY_EVENT_TYPES,
  identityEventSubject,
  LETTER_TYPE,
  letterSubject,
  type IdentityEvent,
  type IdentityEventName,
  type LetterKind,
} from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { insertOutbox } from './sql/insert-outbox.ts';
import type { Queries } from './sql/queries.ts';

type DataOf<Name extends IdentityEventName> = Extract<
  IdentityEvent,
  { type: (typeof IDENTITY_EVENT_TYPES)[Name] }
>['data'];

/**
 * Tells others what happened, once the database transaction `tx` has committed. Nothing personal
 * may be in it: streams forget nothing.
 */
export async function announce<Name extends IdentityEventName>(
  tx: Queries,
  nowMs: number,
  name: Name,
  data: DataOf<Name>,
): Promise<void> {
  const envelope = createEnvelope(IDENTITY_EVENT_TYPES[name], {
    id: uuidv7(nowMs),
    source: 'identity',
    wallet: data.userId,
    time: new Date(nowMs).toISOString(),
    data,
  });
  await insertOutbox(tx, identityEventSubject(name), envelope);
}

export async function announceLetter(
  tx: Queries,
  nowMs: number,
  data: { letterId: string; userId: string; kind: LetterKind },
): Promise<void> {
  const envelope = createEnvelope(LETTER_TYPE, {
    id: data.letterId,
    source: 'identity',
    wallet: data.userId,
    time: new Date(nowMs).toISOString(),
    data,
  });
  await insertOutbox(tx, letterSubject(data.kind), envelope);
}
