import { KV_BUCKETS } from '@florin/contracts';
import { createLogger } from '@florin/runtime';
import { freshNats, type NatsServer } from '@florin/testing';
import {
  AuthorizationError,
  connect as dial,
  createInbox,
  nkeyAuthenticator,
  PermissionViolationError,
} from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  ACCESS,
  answersOf,
  connect,
  createNkeySeed,
  KEYED_USERS,
  MESSAGING_SERVICES,
  provision,
  PROVISION_USER,
  serverUsers,
  topology,
  type Access,
  type Bus,
} from '../mod.ts';

const seeds = Object.fromEntries(KEYED_USERS.map((name) => [name, createNkeySeed()]));
const OBSERVER = 'observer';
const USERS = [...KEYED_USERS, OBSERVER];

let server: NatsServer;
const buses: Record<string, Bus> = {};

const open = (name: string): Promise<Bus> =>
  connect({
    url: server.url,
    name,
    ...(name !== OBSERVER && { nkeySeed: seeds[name] ?? '' }),
    log: createLogger(name, 'silent'),
  });

const busOf = (name: string): Bus => {
  const bus = buses[name];
  if (bus === undefined) throw new Error(`nobody is called ${name}`);
  return bus;
};

beforeAll(async () => {
  const observerPassword = 'of-nobody';
  server = await freshNats({ authorization: serverUsers({ seeds, observerPassword }) });
  for (const name of USERS) buses[name] = await open(name);
  await provision(busOf(PROVISION_USER));
});
afterAll(async () => {
  for (const bus of Object.values(buses)) await bus.close();
  await server.stop();
});

/** What the server objects to while `act` runs and until all of it has been looked at. */
async function objections(bus: Bus, act: () => void): Promise<string[]> {
  const found: string[] = [];
  const status = bus.nc.status();
  const listening = (async () => {
    for await (const { type, ...rest } of status) {
      const error = 'error' in rest ? rest.error : undefined;
      if (type === 'error' && error instanceof PermissionViolationError) found.push(error.subject);
    }
  })();
  act();
  await bus.nc.flush();
  (status as unknown as { stop(): void }).stop();
  await listening;
  return found;
}

/** A subject that the pattern stands for. */
const exampleOf = (pattern: string): string => pattern.replaceAll('>', 'a.b').replaceAll('*', 'x');

const streamSubjects = topology()
  .filter(({ name }) => !name.startsWith('KV_') && !name.startsWith('OBJ_'))
  .flatMap(({ subjects }) => subjects);
const lines = MESSAGING_SERVICES.map((name): [string, Readonly<Access>] => [name, ACCESS[name]]);
const questions = lines.flatMap(([, { serves = [] }]) => serves);

/** Everything that somebody publishes, and what nobody may. */
const PUBLISHED = [
  ...streamSubjects,
  'outcome.*',
  '$KV.flags.*',
  '$KV.breakers.*',
  ...questions,
].toSorted();

const tableOf = (name: string): Readonly<Access> =>
  lines.find(([service]) => service === name)?.[1] ?? { trusts: [] };

function mayPublish(name: string, subject: string): boolean {
  const { publishes = [], asks = [], puts = [] } = tableOf(name);
  const bucket = /^\$KV\.(\w+)/.exec(subject)?.[1];
  if (bucket !== undefined) return puts.includes(bucket);
  return [...publishes, ...asks].includes(subject);
}

/** One line per subject, one column per user: what the server said, printed. */
function print(title: string, verdicts: Record<string, Record<string, boolean>>): void {
  const rows = Object.entries(verdicts).map(([subject, byUser]) => {
    const cells = USERS.map((user) => (byUser[user] ? 'may' : '·').padEnd(user.length));
    return `${subject.padEnd(40)} ${cells.join('  ')}`;
  });
  console.log([title.padEnd(40) + ' ' + USERS.join('  '), ...rows].join('\n'));
}

/** Asks the server about every cell, and compares with what is expected of it. */
async function expectMatrix(
  title: string,
  subjects: string[],
  act: (bus: Bus, subject: string) => void,
  expected: (user: string, subject: string) => boolean,
): Promise<void> {
  const said: Record<string, Record<string, boolean>> = {};
  const planned: typeof said = {};
  for (const subject of subjects) {
    for (const user of USERS) {
      const refused = await objections(busOf(user), () => act(busOf(user), subject));
      (said[subject] ??= {})[user] = refused.length === 0;
      (planned[subject] ??= {})[user] = expected(user, subject);
    }
  }
  print(title, said);
  expect(said).toEqual(planned);
}

describe('hunts a service that can say what is not its business', () => {
  test('messages, values and questions: every user × every subject', () =>
    expectMatrix(
      'publishes',
      PUBLISHED,
      (bus, subject) => {
        bus.nc.publish(exampleOf(subject), '{}');
      },
      mayPublish,
    ));

  test('streams are made, changed, emptied and removed by the provisioner only', () =>
    expectMatrix(
      'changes streams',
      [
        'CREATE',
        'UPDATE',
        'DELETE',
        'PURGE',
        'MSG.DELETE',
        'SNAPSHOT',
        'RESTORE',
        'LEADER.STEPDOWN',
      ].map((call) => `$JS.API.STREAM.${call}.NONE`),
      (bus, subject) => bus.nc.publish(subject, '{}'),
      (user, subject) => user === PROVISION_USER && /CREATE|UPDATE/.test(subject),
    ));
});

describe('hunts a service that can hear what is not meant for it', () => {
  const inboxes = USERS.map((name) => `_INBOX.${name}.>`);
  const heard = ['outcome.*', 'evt.>', ...inboxes, ...questions];

  test('answers, outcomes and questions: every user × every subject', () =>
    expectMatrix(
      'listens to',
      heard,
      (bus, subject) => bus.nc.subscribe(subject).unsubscribe(),
      (user, subject) => {
        const { hears = [], serves = [] } = tableOf(user);
        if (user === OBSERVER) return subject === 'evt.>' || subject === '_INBOX.observer.>';
        return [...hears, ...serves, `_INBOX.${user}.>`].includes(subject);
      },
    ));

  test('inboxes are written to by those who were asked: every user × every inbox', () => {
    const askerOf = (subject: string): string => subject.split('.')[1] ?? '';
    const answerers = new Set(questions.map((question) => question.split('.')[1] ?? ''));
    const inboxesOf = (name: string): string[] => [
      `_INBOX.${name}.x`,
      `_INBOX.${name}.x.y`,
      ...[...answerers].map((answerer) => `_INBOX.${name}.${answerer}.x`),
    ];
    // Whoever has no credentials may ask these, under any name that its client gives itself.
    const askable = ['ledger', 'fraud'];
    const asks = (asker: string, answerer: string): boolean =>
      (tableOf(asker).asks ?? []).some((question) => question.startsWith(`rpc.${answerer}.`)) ||
      askable.includes(answerer);
    return expectMatrix(
      'answers',
      [...MESSAGING_SERVICES, OBSERVER].flatMap(inboxesOf),
      (bus, subject) => bus.nc.publish(subject, '{}'),
      (user, subject) =>
        (askable.includes(user) && /^_INBOX\.observer\.x$/.test(subject)) ||
        (subject === `_INBOX.${askerOf(subject)}.${user}.x` && asks(askerOf(subject), user)),
    );
  });

  test('whoever listens to all inboxes without credentials hears no answers', async () => {
    const overheard: string[] = [];
    const observer = busOf(OBSERVER);
    const spy = observer.nc.subscribe('_INBOX.>', {
      callback: (_error, message) => void overheard.push(message.subject),
    });
    await observer.nc.flush();
    const served = busOf('ledger').nc.subscribe('rpc.ledger.get-transaction', {
      callback: (_error, message) => void message.respond('a balance'),
    });
    await busOf('ledger').nc.flush();
    const answer = await busOf('banking').nc.request('rpc.ledger.get-transaction', '', {
      timeout: 2_000,
      noMux: true,
      reply: createInbox(answersOf('_INBOX.banking', 'rpc.ledger.get-transaction')),
    });
    await observer.nc.flush();
    expect(answer.string()).toBe('a balance');
    expect(overheard).toEqual([]);
    for (const subscription of [spy, served]) subscription.unsubscribe();
  });
});

describe('hunts a value that is not there for all', () => {
  test('whoever has no credentials sees in which shards the books are, and no other value', () =>
    expectMatrix(
      'looks up',
      Object.values(KV_BUCKETS).map((bucket) => `$JS.API.STREAM.MSG.GET.KV_${bucket}`),
      (bus, subject) => bus.nc.publish(subject, '{}'),
      (user, subject) => {
        const { watches = [] } = tableOf(user);
        if (user === OBSERVER) return subject.endsWith(`.KV_${KV_BUCKETS.shards}`);
        return watches.some((bucket) => subject.endsWith(`.KV_${bucket}`));
      },
    ));
});

describe('hunts a reader that gets at what another one reads', () => {
  const create = (stream: string, name: string, filter: string): string =>
    `$JS.API.CONSUMER.CREATE.${stream}.${name}.${filter}`;
  const consumers = lines.flatMap(([, { consumes = [] }]) => consumes);
  const filters = lines.flatMap(([, { reads = [] }]) => reads);

  test('consumers of others are neither changed, read from nor removed', () =>
    expectMatrix(
      'consumers',
      consumers.flatMap(({ stream, durable, filter }) => [
        create(stream, durable, filter),
        `$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`,
      ]),
      (bus, subject) => bus.nc.publish(subject, '{}'),
      (user, subject) =>
        (tableOf(user).consumes ?? []).some(({ durable }) => subject.includes(durable)),
    ));

  test('a part of a stream is read by those whose line names it', () =>
    expectMatrix(
      'reads',
      [...new Set(filters.map(({ stream, filter }) => create(stream, 'oc_1', filter)))],
      (bus, subject) => bus.nc.publish(subject, '{}'),
      (user, subject) =>
        user === OBSERVER ||
        (tableOf(user).reads ?? []).some(
          ({ stream, filter }) => subject === create(stream, 'oc_1', filter),
        ),
    ));

  test('a filter that the subject does not tell is refused by the server itself', async () => {
    const { nc } = busOf('fraud');
    const config = { name: 'oc_2', ack_policy: 'none', filter_subject: 'txn.ready.*.*' };
    const request = JSON.stringify({ stream_name: 'TXN', config });
    const answer = await nc.request(create('TXN', 'oc_2', 'txn.initiated.*.*'), request);
    expect(answer.json<{ error: { description: string } }>().error.description).toMatch(
      /did not match filtered subject/i,
    );
  });
});

test('hunts a server that takes any key: an unknown one opens nothing', async () => {
  const authenticator = nkeyAuthenticator(new TextEncoder().encode(createNkeySeed()));
  const stranger = dial({ servers: server.url, authenticator, reconnect: false });
  await expect(stranger).rejects.toThrow(AuthorizationError);
});
