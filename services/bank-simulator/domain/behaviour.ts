/** How a bank treats payments. The names are also those of the default banks. */
export const BEHAVIOURS = [
  'ok',
  'slow',
  'declined',
  'timeout',
  'flaky',
  'down',
  'unknown-then-ok',
  'unknown-then-declined',
] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

/** What a bank finally says about a payment. */
export type Verdict = 'settled' | 'declined';

export interface Reaction {
  /** What the bank writes down about the payment; undefined when it fails before executing it. */
  readonly records: Verdict | undefined;
  /** Whether the verdict needs the bank's settling time before it stands. */
  readonly takesTime: boolean;
  /** What the caller gets: the verdict, a server error, or never anything. */
  readonly answers: 'verdict' | 'error' | 'nothing';
}

const records = (verdict: Verdict, answers: Reaction['answers']): Reaction => ({
  records: verdict,
  takesTime: false,
  answers,
});
const failsBefore = (answers: Reaction['answers']): Reaction => ({
  records: undefined,
  takesTime: false,
  answers,
});

const REACTIONS = {
  ok: () => records('settled', 'verdict'),
  slow: () => ({ records: 'settled', takesTime: true, answers: 'verdict' }),
  declined: () => records('declined', 'verdict'),
  timeout: () => records('settled', 'nothing'),
  flaky: (call) => (call % 2 === 1 ? failsBefore('error') : records('settled', 'verdict')),
  // Its listener is closed; this is for a call that was accepted just before.
  down: () => failsBefore('nothing'),
  'unknown-then-ok': () => records('settled', 'error'),
  'unknown-then-declined': () => records('declined', 'error'),
} satisfies Record<Behaviour, (call: number) => Reaction>;

/**
 * How a bank reacts to a payment it has not recorded yet.
 * @param call the how-manieth such call to this bank it is, from 1
 */
export const reactToPayment = (behaviour: Behaviour, call: number): Reaction =>
  REACTIONS[behaviour](call);

/** How a bank answers when it is asked again for what it has recorded: nothing happens twice. */
export const answerToRepeat = (behaviour: Behaviour): Reaction['answers'] =>
  behaviour === 'timeout' || behaviour === 'down' ? 'nothing' : 'verdict';
