import { createHmac, createSecretKey } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RequestContext } from '@florin/contracts';
import { assert, ok, refuse, type Result } from '@florin/kernel';
import { LRUCache } from 'lru-cache';
import type { Caller } from '../domain/caller.ts';
import { refusal, type Refusal } from '../domain/refusal.ts';
import { clientAddress, publicNetwork } from './client-address.ts';

/** What is known about where a payment was asked for, as the order tells it on. */
export type ReadContext = (
  request: IncomingMessage,
  caller: Caller,
) => Result<RequestContext, Refusal>;

interface ContextDeps {
  /** 32 bytes in base64url. With another key everybody has new devices. */
  key: string;
  /** Whether anybody may say where they are, because a proxy of ours writes the header. */
  trustGeo: boolean;
  trustedProxies: number;
}

const DEVICE = /^[\x21-\x7e]{1,200}$/;
const GEO = /^([A-Z]{2})(?:,(-?\d{1,2}(?:\.\d{1,6})?),(-?\d{1,3}(?:\.\d{1,6})?))?$/;
/** 128 bits tell devices apart, and fit the profile of a wallet. */
const HASH_BYTES = 16;
const KEY_BYTES_MIN = 32;
const HASHES_MAX = 20_000;

const malformed = (header: string, detail: string) =>
  refuse(
    refusal('validation-failed', `the header ${header} has a mistake`, {
      facts: { errors: [{ parameter: header, detail }] },
    }),
  );

/** Recognises a thing without naming it: who reads the streams can't tell whose device it is. */
function createPseudonyms(key: string) {
  const bytes = Buffer.from(key, 'base64url');
  assert(bytes.length >= KEY_BYTES_MIN, `the context key is shorter than ${KEY_BYTES_MIN} bytes`);
  const secret = createSecretKey(bytes);
  const known = new LRUCache<string, string>({ max: HASHES_MAX });
  return (kind: 'device' | 'address', value: string): string => {
    const text = `${kind}\n${value}`;
    let pseudonym = known.get(text);
    if (pseudonym === undefined) {
      const digest = createHmac('sha256', secret).update(text).digest();
      pseudonym = digest.toString('base64url', 0, HASH_BYTES);
      known.set(text, pseudonym);
    }
    return pseudonym;
  };
}

/** `DE` or `DE,52.52,13.40`: country, and where in it. */
function readGeo(header: string): Result<RequestContext, Refusal> {
  const [, country, latitude, longitude] = GEO.exec(header) ?? [];
  if (country === undefined) return malformed('X-Geo', 'must be like DE or DE,52.52,13.40');
  if (latitude === undefined || longitude === undefined) return ok({ country });
  const place = { country, latitude: Number(latitude), longitude: Number(longitude) };
  const onEarth = Math.abs(place.latitude) <= 90 && Math.abs(place.longitude) <= 180;
  return onEarth ? ok(place) : malformed('X-Geo', 'must lie on the earth');
}

/**
 * Reads device, address and place of a request. The address of a machine client is left out: it
 * pays for many people, who would all seem to live in one house. Where it says that they are is
 * believed; what people say themselves isn't.
 */
export function createReadContext({ key, trustGeo, trustedProxies }: ContextDeps): ReadContext {
  const pseudonymOf = createPseudonyms(key);
  return (request, { kind }) => {
    const { 'x-device-id': device, 'x-geo': geo } = request.headers;
    const context: RequestContext = {};
    if (device !== undefined) {
      if (typeof device !== 'string' || !DEVICE.test(device)) {
        return malformed('X-Device-Id', 'must be 1 to 200 visible ASCII characters');
      }
      context.deviceId = pseudonymOf('device', device);
    }
    if (kind === 'user') {
      const network = publicNetwork(clientAddress(request, trustedProxies) ?? '');
      if (network !== undefined) context.address = pseudonymOf('address', network);
    }
    if (typeof geo !== 'string' || !(trustGeo || kind === 'machine')) return ok(context);
    const place = readGeo(geo);
    return place.ok ? ok({ ...context, ...place.value }) : place;
  };
}
