import type { BulkFile } from '@florin/contracts';
import type { Payments } from './adapters/payments.ts';
import { createPieceCutter, type Piece } from './cut-pieces.ts';
import { isRefusal, refusal, type Refusal } from './domain/refusal.ts';

interface UploadDeps {
  payments: Pick<Payments, 'beginBulkFile' | 'appendBulkPiece' | 'finishBulkUpload'>;
  bytesMax: number;
}

export interface BulkUpload {
  id: string;
  ownerId: string;
  everyWallet: boolean;
  bytes: AsyncIterable<Buffer>;
}

const notText = (detail: string): Refusal =>
  refusal('validation-failed', detail, { facts: { errors: [{ pointer: '', detail }] } });

/**
 * Takes a file in as it arrives, piece by piece: no more of it than one piece is ever in memory,
 * and nothing is read from the client while a piece is being stored. An upload that broke off is
 * repeated under the same key; what was stored is compared and not stored again.
 */
export function createUploadBulkFile({ payments, bytesMax }: UploadDeps) {
  async function store(id: string, pieces: readonly Piece[]): Promise<Refusal | undefined> {
    for (const piece of pieces) {
      const stored = await payments.appendBulkPiece({ id, ...piece });
      if ('refused' in stored) return refusal('idempotency-key-reused', stored.detail);
    }
    return undefined;
  }

  async function takeIn({ id, bytes }: BulkUpload) {
    const cutter = createPieceCutter();
    const size = { pieces: 0, lines: 0, bytes: 0 };
    const storeAll = async (cut: ReturnType<typeof cutter.end>): Promise<Refusal | undefined> => {
      if (!cut.ok) return notText(cut.error);
      size.pieces += cut.value.length;
      size.lines += cut.value.reduce((sum, { lines }) => sum + lines, 0);
      return store(id, cut.value);
    };
    for await (const chunk of bytes) {
      size.bytes += chunk.length;
      if (size.bytes > bytesMax) {
        return refusal('payload-too-large', `a file may have ${bytesMax} bytes`);
      }
      const refused = await storeAll(cutter.add(chunk));
      if (refused !== undefined) return refused;
    }
    return (await storeAll(cutter.end())) ?? size;
  }

  return async (upload: BulkUpload): Promise<{ file: BulkFile; replayed: boolean } | Refusal> => {
    const { id, ownerId, everyWallet } = upload;
    const begun = await payments.beginBulkFile({ id, ownerId, everyWallet });
    if ('refused' in begun) return refusal('limit-exceeded', begun.detail);
    const size = await takeIn(upload);
    if (isRefusal(size)) return size;
    if (size.lines === 0) return notText('the file is empty');
    const finished = await payments.finishBulkUpload({ id, ...size });
    if ('refused' in finished) return refusal('idempotency-key-reused', finished.detail);
    return { file: finished.file, replayed: begun.file.status !== 'uploading' };
  };
}

export type UploadBulkFile = ReturnType<typeof createUploadBulkFile>;
