import {
  ADMIN_ACTION_TYPE,
  auditSubject,
  CONTENT_TYPE_BATCH,
  createEnvelope,
  NO_LANE,
} from '@florin/contracts';
import type { AdminAction } from '@florin/contracts';
import type { Clock } from '@florin/kernel';
import { currentTraceparent } from '@florin/runtime';
import { HEADERS } from './headers.ts';
import type { Publisher } from './publisher.ts';

export interface RecordedAction extends AdminAction {
  /** Names this action for ever: recorded again, it is the same one. */
  id: string;
  /** When it was done; now unless given. */
  at?: string;
  requestId: string;
}

/** Resolves when the audit stream has stored it. Awaited before anybody is told that it is done. */
export type RecordAction = (action: RecordedAction) => Promise<void>;

interface AdminActionDeps {
  /** One that signs. */
  publisher: Pick<Publisher, 'publish'>;
  /** The service, e.g. `/gateway`. */
  source: string;
  clock: Clock;
}

/**
 * Tells the audit log what operators do.
 * @throws RetryableError when the stream did not store it: the operator shall repeat the action
 */
export function createRecordAction({ publisher, source, clock }: AdminActionDeps): RecordAction {
  return async ({ id, at, requestId, ...action }) => {
    const event = createEnvelope(ADMIN_ACTION_TYPE, {
      id,
      source,
      wallet: action.target,
      time: at ?? new Date(clock.nowMs()).toISOString(),
      data: action,
      correlationId: requestId,
      traceparent: currentTraceparent(),
    });
    await publisher.publish({
      subject: auditSubject('admin-action'),
      body: JSON.stringify([event]),
      id,
      type: ADMIN_ACTION_TYPE,
      ...NO_LANE,
      headers: { [HEADERS.contentType]: CONTENT_TYPE_BATCH },
    });
  };
}
