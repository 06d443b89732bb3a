import { createHmac, timingSafeEqual } from 'node:crypto';

/** RFC 6238 as every authenticator app does it: HMAC-SHA-1, six digits, thirty seconds. */
const STEP_MS = 30_000;
const DIGITS = 6;
/** Clocks differ, and typing takes time: one step before and one behind. */
const STEPS_AROUND = [0, -1, 1];
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648 without padding, which apps do not want. */
export function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups.map((group) => ALPHABET[parseInt(group.padEnd(5, '0'), 2)]).join('');
}

function codeAt(secret: Buffer, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = mac.readUInt8(mac.length - 1) & 0x0f;
  const number = mac.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0');
}

export const totpCode = (secret: Buffer, nowMs: number): string =>
  codeAt(secret, Math.floor(nowMs / STEP_MS));

/**
 * The step that a code belongs to, or undefined. A step up to `lastStep` was used before: whoever
 * looks over a shoulder can't use the code again.
 */
export function matchTotp(
  secret: Buffer,
  code: string,
  nowMs: number,
  lastStep: number,
): number | undefined {
  const digits = code.replace(/[\s-]/g, '');
  if (!/^[0-9]{6}$/.test(digits)) return undefined;
  const now = Math.floor(nowMs / STEP_MS);
  return STEPS_AROUND.map((away) => now + away).find((step) => {
    const matches = timingSafeEqual(Buffer.from(codeAt(secret, step)), Buffer.from(digits));
    return matches && step > lastStep;
  });
}

/** What apps read from a QR code. */
export function otpauthUri(secret: Buffer, account: string): string {
  const label = `Florin:${encodeURIComponent(account)}`;
  return `otpauth://totp/${label}?secret=${base32(secret)}&issuer=Florin&digits=6&period=30`;
}
