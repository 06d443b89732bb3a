import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { Caller } from '../domain/caller.ts';
import { createReadContext } from './request-context.ts';

const KEY = Buffer.alloc(32, 7).toString('base64url');
const person = { kind: 'user' } as Caller;
const machine = { kind: 'machine' } as Caller;

const request = (headers: Record<string, string>, remoteAddress = '5.6.7.8') =>
  ({ headers, socket: { remoteAddress } }) as never as IncomingMessage;

function contextOf(
  headers: Record<string, string>,
  caller = person,
  changes: Partial<Parameters<typeof createReadContext>[0]> = {},
) {
  const read = createReadContext({ key: KEY, trustGeo: false, trustedProxies: 0, ...changes });
  const context = read(request(headers), caller);
  return context.ok ? context.value : context.error.refused;
}

describe('hunts devices and addresses that can be read from a stream', () => {
  test('both are known by pseudonyms, which another key would not give', () => {
    const mine = contextOf({ 'x-device-id': 'phone-1' });
    expect(mine).toEqual({
      deviceId: expect.stringMatching(/^[\w-]{22}$/),
      address: expect.stringMatching(/^[\w-]{22}$/),
    });
    expect(contextOf({ 'x-device-id': 'phone-1' })).toEqual(mine);
    const key = Buffer.alloc(32, 8).toString('base64url');
    expect(contextOf({ 'x-device-id': 'phone-1' }, person, { key })).not.toEqual(mine);
  });

  test('a device that calls itself like an address is no address', () => {
    const context = contextOf({ 'x-device-id': '5.6.7.8' });
    expect(context).toMatchObject({});
    const { deviceId, address } = context as Record<string, string>;
    expect(deviceId).not.toBe(address);
  });
});

describe('hunts places that people invent, and those of machines instead of people', () => {
  test.each([
    ['of a person', person, false, undefined],
    ['of a machine', machine, false, { country: 'DE', latitude: 52.52, longitude: 13.4 }],
    [
      'that a proxy of ours writes',
      person,
      true,
      { country: 'DE', latitude: 52.52, longitude: 13.4 },
    ],
  ])('the place %s', (_, caller, trustGeo, place) => {
    const { address: __, ...context } = contextOf({ 'x-geo': 'DE,52.52,13.40' }, caller, {
      trustGeo,
    }) as Record<string, unknown>;
    expect(context).toEqual(place ?? {});
  });

  test('a machine does not lend its own address to those whom it pays for', () => {
    expect(contextOf({}, machine)).toEqual({});
  });

  test('a country alone is a place', () => {
    expect(contextOf({ 'x-geo': 'FR' }, machine)).toEqual({ country: 'FR' });
  });
});

describe('hunts headers that break something further on', () => {
  test.each([
    ['X-Geo', { 'x-geo': 'Berlin' }],
    ['X-Geo', { 'x-geo': 'DE,52.52' }],
    ['X-Geo', { 'x-geo': 'DE,91,0' }],
    ['X-Geo', { 'x-geo': 'DE,0,181' }],
    ['X-Geo', { 'x-geo': 'DE,1e1,0' }],
    ['X-Geo', { 'x-geo': '' }],
    ['X-Device-Id', { 'x-device-id': '' }],
    ['X-Device-Id', { 'x-device-id': 'x'.repeat(201) }],
    ['X-Device-Id', { 'x-device-id': 'two words' }],
  ])('%s is refused: %j', (_, headers) => {
    expect(contextOf(headers, machine)).toBe('validation-failed');
  });
});
