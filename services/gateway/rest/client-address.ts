import { BlockList, isIP } from 'node:net';
import type { IncomingMessage } from 'node:http';
import { ipv6Network } from '@florin/kernel';

/** Addresses that say nothing about where somebody is: of this machine, or of a network behind. */
const inside = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  inside.addSubnet(network, bits, 'ipv4');
}
for (const [network, bits] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const) {
  inside.addSubnet(network, bits, 'ipv6');
}

const MAPPED_IPV4 = /^::ffff:(?=\d+\.)/i;

/**
 * Where a request comes from, as the outermost proxy that is trusted saw it: each of ours has added
 * the address of whoever called it to X-Forwarded-For, and what stands left of those was written
 * by anybody. Undefined when it is not known.
 * @param trustedProxies how many of our own stand between the client and us
 */
export function clientAddress(
  { headers, socket }: IncomingMessage,
  trustedProxies: number,
): string | undefined {
  const header = headers['x-forwarded-for'];
  const forwarded = typeof header === 'string' ? header.split(',').map((hop) => hop.trim()) : [];
  const hops = [...forwarded, socket.remoteAddress ?? ''];
  return hops.at(-1 - trustedProxies)?.replace(MAPPED_IPV4, '') || undefined;
}

/** The public network that an address belongs to, undefined for any other and for no address. */
export function publicNetwork(address: string): string | undefined {
  const version = isIP(address);
  if (version === 0 || inside.check(address, version === 6 ? 'ipv6' : 'ipv4')) return undefined;
  return version === 6 ? ipv6Network(address) : address;
}
