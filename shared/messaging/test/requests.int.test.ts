import { RetryableError, TerminalError } from '@florin/kernel';
import { eventually, freshNats, type NatsServer } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openReplyInbox, request, serve } from '../mod.ts';
import type { Bus } from '../mod.ts';
import { openBus } from './open-bus.ts';

let server: NatsServer;
let asker: Bus;
let answerer: Bus;

beforeAll(async () => {
  server = await freshNats();
  [asker, answerer] = await Promise.all([
    openBus(server.url, 'gateway'),
    openBus(server.url, 'ledger'),
  ]);
});

afterAll(async () => {
  await Promise.all([asker.close(), answerer.close()]);
  await server.stop();
});

const doubling = (subject: string) => ({
  subject,
  request: z.object({ n: z.number().int().max(1_000) }),
  response: z.object({ twice: z.number().int().max(1_000) }),
});

describe('a question gets a valid answer or a fault that says whether to ask again', () => {
  test('an answer', async () => {
    const contract = doubling('rpc.answer');
    await using _ = serve(answerer, contract, async ({ n }) => ({ twice: n * 2 }));
    await answerer.nc.flush();
    expect(await request(asker, contract, { n: 21 })).toEqual({ twice: 42 });
  });

  test('nobody there, or too slow: again', async () => {
    const contract = doubling('rpc.slow');
    await expect(request(asker, contract, { n: 1 })).rejects.toBeInstanceOf(RetryableError);
    const finish = Promise.withResolvers<{ twice: number }>();
    const served = serve(answerer, contract, () => finish.promise);
    await answerer.nc.flush();
    const asking = request(asker, contract, { n: 1 }, { timeoutMs: 50 });
    await expect(asking).rejects.toBeInstanceOf(RetryableError);
    finish.resolve({ twice: 2 });
    await served.stop();
  });

  test.each([
    { thrown: new RetryableError('database away'), Fault: RetryableError, code: 'unavailable' },
    { thrown: new TerminalError('broken'), Fault: TerminalError, code: 'internal' },
    { thrown: new Error('secret text'), Fault: TerminalError, code: 'internal' },
  ])('a handler that fails: $code, and its own words stay inside', async (failing) => {
    const { thrown, Fault, code } = failing;
    const contract = doubling('rpc.fails');
    await using _ = serve(answerer, contract, () => Promise.reject(thrown));
    await answerer.nc.flush();
    const fault: unknown = await request(asker, contract, { n: 1 }).catch((error) => error);
    expect(fault).toBeInstanceOf(Fault);
    expect(String(fault)).toContain(code);
    expect(String(fault)).not.toContain(thrown.message);
  });

  test('a question that breaks the contract is not even sent, nor handled', async () => {
    const contract = doubling('rpc.strict');
    let handled = 0;
    await using _ = serve(answerer, contract, async ({ n }) => {
      handled++;
      return { twice: n * 2 };
    });
    await answerer.nc.flush();
    await expect(request(asker, contract, { n: 1.5 })).rejects.toBeInstanceOf(TerminalError);
    for (const body of ['', '{', '{"n":"1"}', '[]']) {
      const answer = await asker.nc.request(contract.subject, body);
      expect(answer.json()).toMatchObject({ ok: false, error: { code: 'malformed-request' } });
    }
    expect(handled).toBe(0);
  });

  test('an answer that breaks the contract is found on either side', async () => {
    const contract = doubling('rpc.wrong');
    await using _ = serve(answerer, contract, async ({ n }) => ({ twice: n * 2 }));
    await answerer.nc.flush();
    await expect(request(asker, contract, { n: 501 })).rejects.toThrow('internal');
    const older = { ...contract, response: z.object({ thrice: z.number() }) };
    const asking = request(asker, older, { n: 1 });
    await expect(asking).rejects.toBeInstanceOf(TerminalError);
  });
});

describe('who answers is protected', () => {
  test('an answer is not sent anywhere but to an inbox', async () => {
    const contract = doubling('rpc.hijack');
    let handled = 0;
    await using _ = serve(answerer, contract, async ({ n }) => {
      handled++;
      return { twice: n * 2 };
    });
    await answerer.nc.flush();
    const stolen: string[] = [];
    asker.nc.subscribe('txn.ready.*.*', {
      callback: (_error, { subject }) => void stolen.push(subject),
    });
    asker.nc.publish(contract.subject, '{"n":1}', { reply: 'txn.ready.00.w1' });
    asker.nc.publish(contract.subject, '{"n":1}');
    expect(await request(asker, contract, { n: 2 })).toEqual({ twice: 4 });
    await asker.nc.flush();
    expect(stolen).toEqual([]);
    expect(handled).toBe(1);
  });

  test('more at once than it can take are turned away at once, to be asked again', async () => {
    const contract = doubling('rpc.full');
    const finish = Promise.withResolvers<void>();
    const served = serve(
      answerer,
      contract,
      async ({ n }) => {
        await finish.promise;
        return { twice: n * 2 };
      },
      { maxInFlight: 3 },
    );
    await answerer.nc.flush();
    const asking = [1, 2, 3, 4, 5].map((n) => request(asker, contract, { n }));
    const ends = Promise.allSettled(asking);
    for (const turnedAway of asking.slice(3)) {
      await expect(turnedAway).rejects.toBeInstanceOf(RetryableError);
    }
    finish.resolve();
    expect((await ends).map(({ status }) => status)).toEqual([
      ...Array<string>(3).fill('fulfilled'),
      ...Array<string>(2).fill('rejected'),
    ]);
    await served.stop();
  });

  test('stopping answers what is under way; a queue group answers a question once', async () => {
    const contract = doubling('rpc.group');
    const finish = Promise.withResolvers<void>();
    let handled = 0;
    const handle = async ({ n }: { n: number }) => {
      handled++;
      await finish.promise;
      return { twice: n * 2 };
    };
    const served = [serve(answerer, contract, handle), serve(answerer, contract, handle)];
    await answerer.nc.flush();
    const asking = Array.from({ length: 20 }, (_, n) => request(asker, contract, { n }));
    await eventually(() => handled === 20);
    const stopping = Promise.all(served.map((one) => one.stop()));
    finish.resolve();
    await stopping;
    expect(await Promise.all(asking)).toHaveLength(20);
    expect(handled).toBe(20);
  });
});

test('a reply inbox hears what others send to its subject, until it is closed', async () => {
  const heard: string[] = [];
  const inbox = openReplyInbox(asker, (message) => heard.push(message.string()));
  await asker.nc.flush();
  answerer.nc.publish(inbox.subject, 'decided');
  await eventually(() => heard.length === 1);
  inbox.close();
  await asker.nc.flush();
  answerer.nc.publish(inbox.subject, 'too late');
  await answerer.nc.flush();
  await asker.nc.flush();
  expect(heard).toEqual(['decided']);
});
