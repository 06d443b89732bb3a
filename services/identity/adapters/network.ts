import { isIPv4, isIPv6 } from 'node:net';

/**
 * What stands for a place in the internet: an IPv4 address, or the /64 of an IPv6 address, because
 * one household gets all of that. What is no address stands for itself, together.
 */
export function networkOf(address: string | undefined): string {
  const text = address?.replace(/^::ffff:/i, '') ?? '';
  if (isIPv4(text)) return text;
  return isIPv6(text) ? `${prefix64(text)}::/64` : 'unknown';
}

/** The first four of the eight groups of an IPv6 address, without leading zeros. */
function prefix64(address: string): string {
  const [head = '', tail] = address.split('%')[0]?.toLowerCase().split('::') ?? [];
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length);
  const groups = [...front, ...Array<string>(missing).fill('0'), ...back];
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
