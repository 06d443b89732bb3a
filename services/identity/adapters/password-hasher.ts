import { RetryableError } from '@florin/kernel';
import { argon2id, hash, verify, type HashOptions } from 'argon2';
import PQueue from 'p-queue';

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. About 25 ms of one core. */
const PARAMETERS: HashOptions = {
  type: argon2id,
  memoryCost: 19 * 1024,
  timeCost: 2,
  parallelism: 1,
};

/** libuv has four threads: the other two stay free for name look-ups and files. */
const AT_ONCE_MAX = 2;

/** What waits longer than the queue is long would no longer be answered in time: one second. */
const WAITING_MAX = 64;

export interface PasswordHasher {
  /** An encoded argon2id hash with its own salt. @throws RetryableError when too many wait */
  hash(password: string): Promise<string>;
  /**
   * Whether the password is the one that was hashed. Without a hash the answer is false after the
   * same work, so that time doesn't tell who has an account.
   * @throws RetryableError when too many wait
   */
  verify(passwordHash: string | undefined, password: string): Promise<boolean>;
}

/** The same password has several encodings in Unicode, and keyboards differ in which they send. */
const normalise = (password: string): string => password.normalize('NFKC');

/**
 * Does the expensive work on passwords, a bounded amount at once: a wave of sign-ins waits or is
 * turned away, and refreshing a session stays quick meanwhile.
 */
export async function createPasswordHasher(waitingMax = WAITING_MAX): Promise<PasswordHasher> {
  const queue = new PQueue({ concurrency: AT_ONCE_MAX });
  const nobodysHash = await hash(crypto.randomUUID(), PARAMETERS);

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (queue.size >= waitingMax) throw new RetryableError('too many passwords wait to be hashed');
    return queue.add(work);
  }

  return {
    hash: (password) => inTurn(() => hash(normalise(password), PARAMETERS)),
    verify: (passwordHash, password) =>
      inTurn(async () => {
        const matches = await verify(passwordHash ?? nobodysHash, normalise(password));
        return matches && passwordHash !== undefined;
      }),
  };
}
