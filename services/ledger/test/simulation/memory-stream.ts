import { HEADERS } from '@florin/messaging';

/** How long a stream remembers the ids of its messages. */
const WINDOW_MS = 120_000;

export interface StoredMessage {
  sequence: number;
  subject: string;
  headers: { get(name: string): string };
  data: Uint8Array;
  timeMs: number;
}

/** A stream of JetStream: messages in the order in which it took them, each id once in a while. */
export interface MemoryStream {
  readonly name: string;
  readonly createdAt: string;
  readonly messages: readonly StoredMessage[];
  add(message: Pick<StoredMessage, 'subject' | 'headers' | 'data' | 'timeMs'>): {
    seq: number;
    duplicate: boolean;
  };
  /** Called with every new message, until what it returns is called. */
  follow(listener: (message: StoredMessage) => void): () => void;
}

export function createMemoryStream(name: string): MemoryStream {
  const messages: StoredMessage[] = [];
  const known = new Map<string, StoredMessage>();
  const listeners = new Set<(message: StoredMessage) => void>();
  return {
    name,
    createdAt: '2027-01-15T08:00:00Z',
    messages,
    add(told) {
      const id = told.headers.get(HEADERS.messageId);
      const before = known.get(id);
      if (before !== undefined && told.timeMs - before.timeMs < WINDOW_MS) {
        return { seq: before.sequence, duplicate: true };
      }
      const message = { ...told, sequence: messages.length + 1 };
      messages.push(message);
      known.set(id, message);
      for (const listener of listeners) listener(message);
      return { seq: message.sequence, duplicate: false };
    },
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Whether a subject is one of a filter: `*` stands for one token. */
export function matches(filter: string, subject: string): boolean {
  const wanted = filter.split('.');
  const tokens = subject.split('.');
  return (
    wanted.length === tokens.length &&
    wanted.every((token, place) => token === '*' || token === tokens[place])
  );
}
