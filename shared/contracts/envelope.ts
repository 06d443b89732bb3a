import { z } from 'zod';

/**
 * A message as a CloudEvents 1.0 event. A NATS message carries one or more events of one partition
 * as a CloudEvents batch (a JSON array): what arrives together travels together.
 */
export interface Envelope<Type extends string = string, Data = unknown> {
  specversion: '1.0';
  id: string;
  source: string;
  /**
   * `florin.<name>.v<version>`: an additive change keeps the version, any other makes a new one.
   */
  type: Type;
  /** The wallet that decides. */
  subject: string;
  time: string;
  dataschema: string;
  /** The wallet whose hash is the partition. */
  partitionkey: string;
  /** What the caller's request is known as in logs and traces. */
  correlationid?: string;
  /** The id of the message that caused this one. */
  causationid?: string;
  traceparent?: string;
  data: Data;
}

export const CONTENT_TYPE_BATCH = 'application/cloudevents-batch+json';

/** The schema of an envelope around `data`. Unknown attributes are additive changes: ignored. */
export const envelopeOf = <Type extends string, Data extends z.ZodType>(type: Type, data: Data) =>
  z.object({
    specversion: z.literal('1.0'),
    id: z.string().min(1).max(200),
    source: z.string().max(200),
    type: z.literal(type),
    subject: z.string().max(200),
    time: z.string().max(40),
    dataschema: z.string().max(200),
    partitionkey: z.string().max(200),
    correlationid: z.string().max(200).optional(),
    causationid: z.string().max(200).optional(),
    traceparent: z.string().max(60).optional(),
    data,
  });

/** Where the JSON Schema of a message type is published. */
export const schemaUri = (type: string): string => `https://florin.dev/schemas/${type}.json`;

export interface EnvelopeFields<Data> {
  id: string;
  source: string;
  wallet: string;
  time: string;
  data: Data;
  correlationId?: string | undefined;
  causationId?: string | undefined;
  traceparent?: string | undefined;
}

/** Writes an envelope. Attributes that are not known are left out rather than null. */
export function createEnvelope<Type extends string, Data>(
  type: Type,
  fields: EnvelopeFields<Data>,
): Envelope<Type, Data> {
  const { correlationId, causationId, traceparent } = fields;
  return {
    specversion: '1.0',
    id: fields.id,
    source: fields.source,
    type,
    subject: fields.wallet,
    time: fields.time,
    dataschema: schemaUri(type),
    partitionkey: fields.wallet,
    ...(correlationId === undefined ? {} : { correlationid: correlationId }),
    ...(causationId === undefined ? {} : { causationid: causationId }),
    ...(traceparent === undefined ? {} : { traceparent }),
    data: fields.data,
  };
}
