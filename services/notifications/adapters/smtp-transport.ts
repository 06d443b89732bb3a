import { setTimeout as delay } from 'node:timers/promises';
import { faultText } from '@florin/kernel';
import { createTransport } from 'nodemailer';
import type { MailTransport, SendOutcome } from './mail-transport.ts';

interface SmtpOptions {
  /** `smtp://user:password@host:587`, or `smtps://`. */
  url: string;
  /** As in `Florin <no-reply@florin.example>`. */
  from: string;
  connections: number;
  timeoutMs: number;
}

/** What nodemailer says of a failure. */
interface SmtpFault {
  code?: string;
  syscall?: string;
  responseCode?: number;
}

/** Before anything of a mail was sent: nobody was found, trusted or let in. */
const UNREACHED: readonly string[] = ['EDNS', 'EAUTH', 'ETLS'];

const PERMANENT = 500;

/**
 * What a failure means for the mail. Only a server that answered, or was never reached, surely does
 * not have it.
 */
export function outcomeOfFault(error: unknown): SendOutcome {
  const { code, syscall, responseCode } = error as SmtpFault;
  // What the server says may repeat an address: the code is all that is kept.
  if (responseCode !== undefined && code !== 'EAUTH') {
    const problem = `the server answered ${responseCode}`;
    return { outcome: responseCode >= PERMANENT ? 'failed' : 'again', problem };
  }
  if (syscall === 'connect' || UNREACHED.includes(code ?? '')) {
    return { outcome: 'again', problem: `the server can not be used: ${code ?? 'unreached'}` };
  }
  return { outcome: 'unknown', problem: `the server did not answer: ${code ?? faultText(error)}` };
}

export function createSmtpTransport(options: SmtpOptions): MailTransport {
  const { url, from, connections, timeoutMs } = options;
  const domain = /@([^\s>]+)/.exec(from)?.[1] ?? 'localhost';
  const transporter = createTransport(
    {
      url,
      pool: true,
      maxConnections: connections,
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
    },
    { from },
  );
  return {
    async send({ id, to, subject, text, html, createdAt }) {
      const sent = transporter
        .sendMail({
          to: { name: '', address: to },
          subject,
          text,
          html,
          date: createdAt,
          messageId: `<${id}@${domain}>`,
          // Nobody shall answer that they are on holiday.
          headers: { 'Auto-Submitted': 'auto-generated' },
          disableFileAccess: true,
          disableUrlAccess: true,
        })
        .then((): SendOutcome => ({ outcome: 'sent' }), outcomeOfFault);
      // Each of a server's answers has its own time; all of them together have this.
      const late = delay(2 * timeoutMs, undefined, { ref: false }).then((): SendOutcome => ({
        outcome: 'unknown',
        problem: 'the server took too long',
      }));
      return Promise.race([sent, late]);
    },
    forget: async () => undefined,
    close: () => transporter.close(),
  };
}
