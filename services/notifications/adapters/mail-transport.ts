/** A mail as it goes out. */
export interface OutgoingMail {
  /** The same at every attempt: part of its Message-ID. */
  id: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  createdAt: Date;
}

/**
 * What came of an attempt. `again`: no server has it. `unknown`: one may have it, and nobody knows.
 */
export type SendOutcome =
  { outcome: 'sent' } | { outcome: 'again' | 'failed' | 'unknown'; problem: string };

/** A way out of here. */
export interface MailTransport {
  /** Never throws. */
  send(mail: OutgoingMail): Promise<SendOutcome>;
  /** Removes copies, where the transport keeps any. */
  forget(ids: readonly string[]): Promise<void>;
  close(): void;
}
