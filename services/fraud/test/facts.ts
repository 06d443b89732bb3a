import {
  createEnvelope,
  eventSubject,
  EVENT_TYPES,
  identityEventSubject,
  IDENTITY_EVENT_TYPES,
  NO_LANE,
  partitionOf,
  type EventName,
} from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { createPublisher, createSigner, type Bus, type Publisher } from '@florin/messaging';
import { KEYS, PARTITIONS } from './surroundings.ts';

/** Tells what the ledger and identity would tell. */
export function createTeller(bus: Bus) {
  const publisherOf = (service: 'ledger' | 'identity'): Publisher => {
    const [kid, key] = Object.entries(KEYS[service])[0] as [string, string];
    return createPublisher(bus, { signer: createSigner({ kid, key }) });
  };
  const ledger = publisherOf('ledger');
  const identity = publisherOf('identity');
  let sequence = 0;

  async function tell(name: EventName, wallet: string, data: object): Promise<void> {
    sequence += 1;
    const partition = partitionOf(wallet, PARTITIONS);
    const type = EVENT_TYPES[name];
    const event = createEnvelope(type, {
      id: `${partition}-${sequence}`,
      source: 'florin/ledger',
      wallet,
      time: new Date().toISOString(),
      data: { partition, sequence, ...data },
    });
    const subject = eventSubject(partition, wallet, name);
    const body = JSON.stringify([event]);
    await ledger.publish({ subject, body, id: uuidv7(), type, wallet, partition });
  }

  return {
    walletOpened: (id: string, ownerId: string) =>
      tell('wallet-opened', id, {
        wallet: {
          id,
          ownerId,
          name: 'w',
          currency: 'USD',
          status: 'active',
          balances: { posted: '0', held: '0', available: '0' },
          version: 0,
          createdAt: '2026-01-01T00:00:00.000Z',
        },
      }),

    transaction: (name: EventName, walletId: string, more: object = {}) =>
      tell(name, walletId, {
        entries: [],
        transaction: {
          id: uuidv7(),
          type: 'transfer',
          status: 'completed',
          walletId,
          counterpartyWalletId: uuidv7(),
          amount: '500',
          currency: 'USD',
          balances: { posted: '900', held: '0', available: '900' },
          createdAt: new Date().toISOString(),
          ...more,
        },
      }),

    async credentialsChanged(userId: string): Promise<void> {
      const type = IDENTITY_EVENT_TYPES['credentials-changed'];
      const event = createEnvelope(type, {
        id: uuidv7(),
        source: 'identity',
        wallet: userId,
        time: new Date().toISOString(),
        data: { userId, change: 'password-reset' },
      });
      const subject = identityEventSubject('credentials-changed');
      const body = JSON.stringify([event]);
      await identity.publish({ subject, body, id: uuidv7(), type, ...NO_LANE });
    },

    close(): void {
      ledger.close();
      identity.close();
    },
  };
}
