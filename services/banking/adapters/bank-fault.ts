import { RetryableError } from '@florin/kernel';

/** A request to a bank that got no proper answer. */
export class BankFault extends RetryableError {
  override name = 'BankFault';
  /** Whether the bank may have executed what it was asked. */
  readonly mayBeExecuted: boolean;

  constructor(message: string, mayBeExecuted: boolean, options?: ErrorOptions) {
    super(message, options);
    this.mayBeExecuted = mayBeExecuted;
  }
}

/** Faults of opening a connection: the request has not left this machine. */
const NOT_CONNECTED = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Reads what a failed exchange means. Whatever is not certain may have been executed. */
export function bankFaultOf(bank: string, error: unknown): BankFault {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no code';
  const mayBeExecuted = !NOT_CONNECTED.has(code);
  const text = mayBeExecuted ? 'gave no answer' : "can't be connected";
  return new BankFault(`bank ${bank} ${text} (${code})`, mayBeExecuted, { cause: error });
}
