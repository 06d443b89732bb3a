import type { KycLevel, KycStatus } from '@florin/contracts';

export interface Evidence {
  kind: string;
  status: KycStatus;
}

/** Whether a document says where somebody lives; any other says who they are. */
export const provesAddress = (kind: string): boolean => /address|utility|residence/.test(kind);

/**
 * How well a person is known by their approved documents: level 1 with one that says who they are,
 * level 2 with their address besides.
 */
export function kycLevelOf(documents: readonly Evidence[]): KycLevel {
  const approved = documents.filter(({ status }) => status === 'approved');
  if (approved.every(({ kind }) => provesAddress(kind))) return 0;
  return approved.some(({ kind }) => provesAddress(kind)) ? 2 : 1;
}

const DAY_MS = 86_400_000;
/** Where a document does not say it itself: an address changes sooner than a face. */
const IDENTITY_FOR_MS = 5 * 365 * DAY_MS;
const ADDRESS_FOR_MS = 365 * DAY_MS;

/** Until when an approval holds: as its reviewer says, but no longer than its kind allows. */
export function validUntil(kind: string, asked: Date | undefined, now: Date): Date {
  const latest = now.getTime() + (provesAddress(kind) ? ADDRESS_FOR_MS : IDENTITY_FOR_MS);
  return new Date(Math.min(latest, asked?.getTime() ?? latest));
}
