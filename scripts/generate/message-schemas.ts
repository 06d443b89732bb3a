import {
  ADMIN_ACTION_TYPE,
  adminActionEvent,
  auditSubject,
  identityEvent,
  LABEL_SUBJECT,
  LABEL_TYPE,
  labelEvent,
  LANE_PRODUCERS,
  laneMessage,
  ledgerEvent,
  LETTER_TYPE,
  letterWritten,
  paymentEvent,
  schemaUri,
} from '@florin/contracts';
import { z } from 'zod';
import type { JsonSchema } from './json-schema.ts';

export interface MessageSchema {
  /** `florin.<name>.v<version>`, also the file's name. */
  type: string;
  /** The services that may sign it. */
  producers: readonly string[];
  /** The subject that it travels on. */
  subject: string;
  schema: JsonSchema;
}

/**
 * A message as it travels, so before anything is parsed: amounts are strings. Attributes that are
 * not named are allowed, because readers ignore them.
 */
function schemaOf(type: string, message: z.ZodType): JsonSchema {
  const { $schema, ...shape } = z.toJSONSchema(message, { target: 'draft-2020-12', io: 'input' });
  return { $schema, $id: schemaUri(type), title: type, ...shape } as JsonSchema;
}

/** Every type of message that may stay in a stream, and so outlive the version that wrote it. */
export function messageSchemas(): MessageSchema[] {
  const inLanes = laneMessage.options.map((message): MessageSchema => {
    const type = message.shape.type.value;
    const subject = 'txn.<stage>.<partition>.<wallet>';
    return { type, producers: LANE_PRODUCERS[type], subject, schema: schemaOf(type, message) };
  });
  const told = ledgerEvent.options.map((message): MessageSchema => {
    const type = message.shape.type.value;
    const name = type.split('.')[1] ?? '';
    const subject = `evt.<partition>.<wallet>.${name}`;
    return { type, producers: ['ledger'], subject, schema: schemaOf(type, message) };
  });
  const ofUsers = identityEvent.options.map((message): MessageSchema => {
    const type = message.shape.type.value;
    const subject = `idn.${type.split('.')[1] ?? ''}`;
    return { type, producers: ['identity'], subject, schema: schemaOf(type, message) };
  });
  const ofPayments = paymentEvent.options.map((message): MessageSchema => {
    const type = message.shape.type.value;
    const subject = `pay.${type.split('.')[1] ?? ''}`;
    return { type, producers: ['payments'], subject, schema: schemaOf(type, message) };
  });
  const letters: MessageSchema = {
    type: LETTER_TYPE,
    producers: ['identity'],
    subject: 'mail.<kind>',
    schema: schemaOf(LETTER_TYPE, letterWritten),
  };
  const label: MessageSchema = {
    type: LABEL_TYPE,
    producers: ['fraud'],
    subject: LABEL_SUBJECT,
    schema: schemaOf(LABEL_TYPE, labelEvent),
  };
  const action: MessageSchema = {
    type: ADMIN_ACTION_TYPE,
    producers: ['gateway'],
    subject: auditSubject('admin-action'),
    schema: schemaOf(ADMIN_ACTION_TYPE, adminActionEvent),
  };
  return [...inLanes, ...told, ...ofUsers, ...ofPayments, letters, label, action];
}
