import { TerminalError } from '@florin/kernel';
import type { Deps } from '../deps.ts';
import { insertConsent, listConsents } from '../sql/consents.ts';
import type { UseCase } from '../use-case.ts';

/** A decision is never changed: the next one is another line of the log. */
export const createRecordConsent =
  ({ db, clock }: Pick<Deps, 'db' | 'clock'>): UseCase<'recordConsent'> =>
  async (decision) => {
    const consent = await insertConsent(db, { ...decision, at: new Date(clock.nowMs()) });
    if (consent === null) throw new TerminalError('a consent of somebody who was erased');
    return { ok: true, consent };
  };

export const createListConsents =
  ({ db }: Pick<Deps, 'db'>): UseCase<'listConsents'> =>
  async ({ userId }) => ({ consents: [...(await listConsents(db, userId))] });
