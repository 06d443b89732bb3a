import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Letter } from '@florin/contracts';

/** Where a developer reads the letters that nobody sends. */
export interface LetterFolder {
  put(letter: Letter): Promise<void>;
  forget(letterIds: readonly string[]): Promise<void>;
}

export function createLetterFolder(path: string | undefined): LetterFolder {
  if (path === undefined) return { put: async () => undefined, forget: async () => undefined };
  const fileOf = (id: string): string => join(path, `${id}.txt`);
  return {
    async put({ id, to, subject, text, createdAt }) {
      await mkdir(path, { recursive: true, mode: 0o700 });
      const head = `To: ${to}\nSubject: ${subject}\nDate: ${createdAt}\n\n`;
      await writeFile(fileOf(id), head + text, { mode: 0o600 });
    },
    async forget(letterIds) {
      await Promise.all(letterIds.map((id) => rm(fileOf(id), { force: true })));
    },
  };
}
