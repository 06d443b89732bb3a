import { describe, expect, it } from 'vitest';
import { isPublicAddress, problemOfReceiver } from './receiver-address.ts';

describe('receivers: hunts URLs that would make us call our own network', () => {
  it.each([
    '127.0.0.1',
    '127.8.9.1',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    '::ffff:10.0.0.1',
    '::ffff:127.0.0.1',
    '64:ff9b::a00:1',
    'not an address',
  ])('%s is internal', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['1.1.1.1', '172.32.0.1', '93.184.216.34', '2606:4700::1111'])(
    '%s is public',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  it.each([
    'nonsense',
    'http://example.com/hook',
    'ftp://example.com',
    'https://user:secret@example.com/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://localhost/',
    'https://a.localhost/',
    'https://ledger/',
    'file:///etc/passwd',
  ])('refuses %s', (url) => {
    expect(problemOfReceiver(url, false)).toBeTypeOf('string');
  });

  it.each(['https://example.com/hook', 'https://93.184.216.34:8443/x'])('takes %s', (url) => {
    expect(problemOfReceiver(url, false)).toBeUndefined();
  });

  it('lets developers listen on their own machine where that is allowed', () => {
    expect(problemOfReceiver('http://127.0.0.1:9000/', true)).toBeUndefined();
    expect(problemOfReceiver('file:///etc/passwd', true)).toBeTypeOf('string');
  });
});
