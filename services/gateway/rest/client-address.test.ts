import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { clientAddress, publicNetwork } from './client-address.ts';

const request = (remoteAddress: string, forwarded?: string) =>
  ({
    headers: { 'x-forwarded-for': forwarded },
    socket: { remoteAddress },
  }) as never as IncomingMessage;

describe('hunts clients that choose the address they seem to come from', () => {
  test.each([
    ['without a proxy the header is not read', '5.6.7.8', '1.2.3.4', 0, '5.6.7.8'],
    ['one proxy', '10.0.0.1', '1.2.3.4', 1, '1.2.3.4'],
    [
      'one proxy, and a client that wrote the header itself',
      '10.0.0.1',
      '9.9.9.9, 1.2.3.4',
      1,
      '1.2.3.4',
    ],
    ['two proxies', '10.0.0.1', '9.9.9.9,1.2.3.4 , 10.0.0.2', 2, '1.2.3.4'],
    ['a proxy that did not write it', '10.0.0.1', undefined, 1, undefined],
    ['an IPv4 address in IPv6', '::ffff:5.6.7.8', undefined, 0, '5.6.7.8'],
  ])('%s', (_, remote, forwarded, proxies, expected) => {
    expect(clientAddress(request(remote, forwarded), proxies)).toBe(expected);
  });
});

describe('hunts strangers who seem to share an address, and people who seem to have many', () => {
  test.each([
    ['5.6.7.8', '5.6.7.8'],
    ['2001:db8:0:1::5', '2001:db8:0:1::/64'],
    ['2001:DB8::1:0:0:0:9', '2001:db8:0:1::/64'],
    ['2001:db8::5', '2001:db8:0:0::/64'],
    ['127.0.0.1', undefined],
    ['10.1.2.3', undefined],
    ['172.20.0.1', undefined],
    ['192.168.1.1', undefined],
    ['::1', undefined],
    ['fd00::1', undefined],
    ['fe80::1', undefined],
    ['unknown', undefined],
    ['', undefined],
    ['999.1.1.1', undefined],
  ])('%s is %s', (address, network) => {
    expect(publicNetwork(address)).toBe(network);
  });
});
