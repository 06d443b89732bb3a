import { BlockList, isIP } from 'node:net';

/**
 * Addresses that a webhook must not reach: whoever names a URL could else make us call our own
 * services, the machine itself, or the metadata service of a cloud (RFC 6890).
 */
const INTERNAL_SUBNETS = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;
const INTERNAL_SUBNETS_6 = [
  ['::', 128],
  ['::1', 128],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const;

const internal = new BlockList();
for (const [network, prefix] of INTERNAL_SUBNETS) internal.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of INTERNAL_SUBNETS_6) internal.addSubnet(network, prefix, 'ipv6');

/** An address of the public internet. IPv4 in IPv6 is judged as what it stands for. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  return !internal.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/**
 * Why a URL can't be a receiver, in words for its owner; undefined when it can, as far as its text
 * tells: names are judged when they are looked up, at each delivery.
 */
export function problemOfReceiver(text: string, allowPrivate: boolean): string | undefined {
  if (!URL.canParse(text)) return 'the url is not a URL';
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return 'the url must not carry credentials';
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:')) {
    return 'the url must begin with https://';
  }
  if (allowPrivate) return undefined;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isPublicAddress(host)) return 'the url must not be an internal address';
  if (host === 'localhost' || host.endsWith('.localhost') || !host.includes('.')) {
    return isIP(host) === 0 ? 'the url must name a public host' : undefined;
  }
  return undefined;
}
