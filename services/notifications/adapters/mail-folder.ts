import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { faultText } from '@florin/kernel';
import type { MailTransport } from './mail-transport.ts';

/** Where a developer reads the mails that nobody sends: each as text, and as a browser shows it. */
export function createMailFolder(path: string): MailTransport {
  const filesOf = (id: string): [string, string] => [
    join(path, `${id}.txt`),
    join(path, `${id}.html`),
  ];
  return {
    async send({ id, to, subject, text, html, createdAt }) {
      const [plain, marked] = filesOf(id);
      const head = `To: ${to}\nSubject: ${subject}\nDate: ${createdAt.toISOString()}\n\n`;
      try {
        await mkdir(path, { recursive: true, mode: 0o700 });
        await writeFile(plain, head + text, { mode: 0o600 });
        await writeFile(marked, html, { mode: 0o600 });
        return { outcome: 'sent' };
      } catch (error) {
        return { outcome: 'again', problem: faultText(error) };
      }
    },
    async forget(ids) {
      await Promise.all(ids.flatMap(filesOf).map((file) => rm(file, { force: true })));
    },
    close: () => undefined,
  };
}
