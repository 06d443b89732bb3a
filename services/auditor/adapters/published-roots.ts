import { auditSubject, STREAMS } from '@florin/contracts';
import type { Bus } from '@florin/messaging';
import { z } from 'zod';
import type { SignedRoot } from '../domain/signed-root.ts';

const published = z.object({
  document: z.string(),
  keyId: z.string(),
  signature: z.string(),
});

/**
 * The root that was published last. The stream is another witness than our own database: no service
 * can take a message back from it. Undefined where none was published yet.
 */
export async function readWitness(bus: Bus): Promise<SignedRoot | undefined> {
  const query = { last_by_subj: auditSubject('root') };
  const message = await bus.jsm.streams.getMessage(STREAMS.audit, query);
  if (message === null) return undefined;
  const read = published.safeParse(message.json());
  // What is none of ours is told so where its signature is checked.
  if (!read.success) return { document: '', keyId: '', signature: Buffer.alloc(0) };
  return { ...read.data, signature: Buffer.from(read.data.signature, 'base64url') };
}
