import { isIPv4, isIPv6 } from 'node:net';
import { ipv6Network } from '@florin/kernel';

/**
 * What stands for a place in the internet: an IPv4 address, or the network of an IPv6 address. What
 * is no address stands for itself, together.
 */
export function networkOf(address: string | undefined): string {
  const text = address?.replace(/^::ffff:/i, '') ?? '';
  if (isIPv4(text)) return text;
  return isIPv6(text) ? ipv6Network(text) : 'unknown';
}
