/** Every header has one spelling: servers and the v3 client keep the case as written. */
export const HEADERS = {
  /** JetStream de-duplicates by it within the stream's window. */
  messageId: 'Nats-Msg-Id',
  signature: 'Florin-Signature',
  /** When it was signed: milliseconds since 1970. */
  time: 'Florin-Time',
  /**
   * Type of the event, of the first one in a batch: so a signature is checked before any parsing.
   */
  type: 'Florin-Type',
  /** The gateway that waits for the outcome (isOrigin in contracts); absent when nobody does. */
  reply: 'Florin-Reply',
  contentType: 'Content-Type',
  /** W3C trace context. */
  traceparent: 'traceparent',
  deadLetterMessageId: 'Florin-Dead-Letter-Message-Id',
  deadLetterReason: 'Florin-Dead-Letter-Reason',
  deadLetterSequence: 'Florin-Dead-Letter-Sequence',
  deadLetterSubject: 'Florin-Dead-Letter-Subject',
} as const;
