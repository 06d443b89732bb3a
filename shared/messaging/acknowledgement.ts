import type { Msg } from '@nats-io/transport-node';

/** The message is larger than the stream takes: it will never fit. */
const MESSAGE_TOO_LARGE = 10_054;

/** What the server said to a publish. Nothing but `stored` means that the stream has it. */
export type Acknowledgement =
  | { is: 'stored'; sequence: number; duplicate: boolean }
  | { is: 'refused'; reason: string; forGood: boolean };

interface Answer {
  seq?: number;
  duplicate?: boolean;
  error?: { err_code?: number; description?: string };
}

const refused = (reason: string, forGood = false): Acknowledgement => ({
  is: 'refused',
  reason,
  forGood,
});

/** Reads the answer to a publish. */
export function readAcknowledgement(message: Msg): Acknowledgement {
  if (message.data.length === 0) {
    const unheard = message.headers?.code === 503;
    return refused(unheard ? 'no stream takes this subject' : 'the answer is empty');
  }
  const { seq, duplicate = false, error } = message.json<Answer>();
  // A refusal carries a sequence too: 0.
  if (error === undefined && seq) return { is: 'stored', sequence: seq, duplicate };
  const { err_code: code, description = 'no reason given' } = error ?? {};
  return refused(`${description} (${code ?? 'no code'})`, code === MESSAGE_TOO_LARGE);
}
