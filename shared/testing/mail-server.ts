import type { AddressInfo } from 'node:net';
import type { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  to: string[];
  messageId: string;
  subject: string;
  text: string;
  html: string;
}

/** A mail server that takes everything, or fails as a test tells it to. */
export interface MailServer extends AsyncDisposable {
  url: string;
  to(address: string): ReceivedMail[];
  /** Answers the next mails with this code. */
  refuseNext(code: number, times: number): void;
  /** Takes the next mail, and never says so. */
  hangNext(): void;
  stop(): Promise<void>;
  /** Again, under the address that it had. */
  start(url?: string): Promise<void>;
}

const decodeWord = (text: string): string =>
  text
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?utf-8\?(b|q)\?(.*?)\?=/gi, (_, how: string, word: string) =>
      how.toLowerCase() === 'b'
        ? Buffer.from(word, 'base64').toString()
        : unquoted(word.replaceAll('_', ' ')),
    );

const unquoted = (text: string): string =>
  Buffer.from(
    text
      .replaceAll(/=\r?\n/g, '')
      .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      ),
    'latin1',
  ).toString();

function bodyOf(part: string): string {
  const [head = '', ...rest] = part.split('\r\n\r\n');
  const body = rest.join('\r\n\r\n').trim();
  if (/base64/i.test(head)) return Buffer.from(body, 'base64').toString();
  return /quoted-printable/i.test(head) ? unquoted(body) : body;
}

function read(source: string, to: string[]): ReceivedMail {
  const unfolded = source.slice(0, source.indexOf('\r\n\r\n')).replaceAll(/\r\n[ \t]+/g, ' ');
  const header = (name: string): string =>
    new RegExp(`^${name}: (.*)$`, 'im').exec(unfolded)?.[1] ?? '';
  const boundary = /boundary="([^"]+)"/.exec(unfolded)?.[1] ?? '';
  const [, plain = '', marked = ''] = source.split(`--${boundary}\r\n`);
  const end = marked.split(`--${boundary}--`)[0] ?? '';
  return {
    to,
    messageId: header('Message-ID'),
    subject: decodeWord(header('Subject')),
    text: bodyOf(plain),
    html: bodyOf(end),
  };
}

export async function startMailServer(): Promise<MailServer> {
  // Loaded by those who need it only: everything that runs servers knows this package.
  const { SMTPServer: Server } = await import('smtp-server');
  const received: ReceivedMail[] = [];
  const refusals: number[] = [];
  let hangs = 0;
  let server: SMTPServer | undefined;
  let url = '';

  function open(): SMTPServer {
    return new Server({
      disabledCommands: ['AUTH', 'STARTTLS'],
      onData(stream, session, done) {
        let source = '';
        stream.setEncoding('utf8').on('data', (text: string) => (source += text));
        stream.on('end', () => {
          const code = refusals.shift();
          if (code !== undefined) {
            done(Object.assign(new Error('not now, nobody@example.com'), { responseCode: code }));
            return;
          }
          const to = session.envelope.rcptTo.map(({ address }) => address);
          received.push(read(source, to));
          if (hangs > 0) hangs -= 1;
          else done();
        });
      },
    });
  }

  async function start(known?: string): Promise<void> {
    server = open();
    // A client that breaks off is no fault of the server.
    server.on('error', () => undefined);
    const port = known === undefined ? 0 : Number(new URL(known).port);
    await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', () => resolve()));
    url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  }

  const stop = (): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    server?.close(() => resolve());
    return promise;
  };

  await start();
  return {
    get url() {
      return url;
    },
    to: (address) => received.filter((mail) => mail.to.includes(address)),
    refuseNext: (code, times) => void refusals.push(...Array<number>(times).fill(code)),
    hangNext: () => void (hangs += 1),
    stop,
    start,
    [Symbol.asyncDispose]: stop,
  };
}
