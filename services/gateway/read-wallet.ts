import type { WalletDirectory } from './adapters/wallet-directory.ts';
import type { ReadCaches } from './cache/start-read-caches.ts';

interface ReadWalletDeps {
  directory: Pick<WalletDirectory, 'read' | 'find'>;
  caches: Pick<ReadCaches, 'wallets'>;
}

/** A wallet as the API shows it, in JSON, and whose it is. Undefined where there is none. */
export function createReadWallet({ directory, caches }: ReadWalletDeps) {
  async function fetch(id: string): Promise<string | undefined> {
    const wallet = await directory.read(id);
    return wallet === undefined ? undefined : JSON.stringify(wallet);
  }

  return async (id: string): Promise<{ ownerId: string; json: string } | undefined> => {
    const json = await caches.wallets.read(id, () => fetch(id));
    if (json === undefined) return undefined;
    const facts = await directory.find(id);
    return facts === undefined ? undefined : { ownerId: facts.ownerId, json };
  };
}

export type ReadWallet = ReturnType<typeof createReadWallet>;
