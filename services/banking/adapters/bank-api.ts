import type { Answer } from '../domain/apply-answer.ts';
import type { PaymentOrder } from '../domain/payment.ts';

/** The API of one bank. Both calls throw BankFault when the bank gave no proper answer. */
export interface BankApi {
  /** Asks the bank to execute the payment. Repeating it with the same order executes it once. */
  ask(order: PaymentOrder): Promise<Answer>;
  /** Asks what has become of the payment. */
  checkStatus(order: PaymentOrder): Promise<Answer>;
  close(): Promise<void>;
}
