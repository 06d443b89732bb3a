import { present } from '@florin/kernel';
import type { Deps } from '../deps.ts';
import type { UseCase } from '../use-case.ts';
import { rotateSigningKey } from './ensure-signing-key.ts';
import { rewrapKeys } from './rewrap-keys.ts';

export const createRotateSigningKey =
  (deps: Pick<Deps, 'db' | 'clock' | 'vault'>): UseCase<'rotateSigningKey'> =>
  async () => {
    const { kid, signsFrom } = present(await rotateSigningKey(deps, 0), 'a new key');
    return { kid, signsFrom: signsFrom.toISOString() };
  };

export const createRewrapKeys =
  (deps: Pick<Deps, 'db' | 'vault'>): UseCase<'rewrapKeys'> =>
  async () => ({ rewrapped: await rewrapKeys(deps) });
