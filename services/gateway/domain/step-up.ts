import type { Caller } from './caller.ts';
import { refusal } from './refusal.ts';

/** What changes who may get at an account, or what leaves it for good, wants a fresh proof. */
export const stepUpRequired = refusal(
  'step-up-required',
  'this needs a fresh proof of your identity: POST /v1/auth/step-up, and use its access token',
);

/** Machines have no step to take: their secret is all the proof there is. */
export const hasProvenLately = (caller: Caller, nowMs: number, withinMs: number): boolean =>
  caller.kind === 'machine' ||
  (caller.session !== undefined && nowMs - caller.session.provenAtMs <= withinMs);
