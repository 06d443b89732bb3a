import { KYC_MEDIA_TYPES, type KycMediaType } from '@florin/contracts';
import { fileTypeFromBuffer } from 'file-type';

const isTaken = (mime: string): mime is KycMediaType =>
  (KYC_MEDIA_TYPES as readonly string[]).includes(mime);

/** What a file is by its content, if we take it: its name and its declared type prove nothing. */
export async function sniffMediaType(content: Uint8Array): Promise<KycMediaType | undefined> {
  const found = await fileTypeFromBuffer(content);
  return found !== undefined && isTaken(found.mime) ? found.mime : undefined;
}
